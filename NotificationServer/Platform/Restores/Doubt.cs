namespace NotificationServer.Platform.Restores;

/// Why a database is not taken for the one that it should be.
internal enum DoubtKind
{
    /// It lacks what this node has seen in it.
    Older,
    /// It lives in another server, or under another number, than when it was last used.
    Elsewhere,
    /// Another database answers where this node's was.
    Other,
    /// It was used by an installation of another name.
    Installation,
    /// It was restored or taken over, and nobody remembers how far it was.
    Timeline,
}

/// Evidence: what people are shown of it. CopyAt: the last moment that the copy knows of.
internal sealed record Doubt(DoubtKind Kind, IReadOnlyDictionary<string, object?> Evidence, DateTimeOffset? CopyAt)
{
    public string Word => WordOf(Kind);

    public static string WordOf(DoubtKind kind) => kind switch
    {
        DoubtKind.Older => "older",
        DoubtKind.Elsewhere => "elsewhere",
        DoubtKind.Other => "other",
        DoubtKind.Installation => "installation",
        DoubtKind.Timeline => "timeline",
    };

    /// In one sentence, for people.
    public static string Sentence(string word) => word switch
    {
        "older" => "The database is an older copy: it does not know what was sent since it was made.",
        "elsewhere" => "The database is a copy that was moved: it lives in another place than when it was last used.",
        "other" => "Another database answers where the servers' own was.",
        "installation" => "The database was used by an installation of another name.",
        "timeline" => "The database was restored or taken over, and no server remembers how far it was.",
        _ => "The database may be a copy.",
    };
}
