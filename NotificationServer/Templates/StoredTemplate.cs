namespace NotificationServer.Templates;

internal sealed record StoredTemplate
{
    public required string Key { get; init; }
    public required string Name { get; init; }
    public string? Category { get; init; }
    /// Null: nothing was published yet; notifications cannot name it.
    public int? Published { get; init; }
    public required int Latest { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record StoredVersion(string Key, int Version, bool Published, TemplateParts Parts, DateTimeOffset CreatedAt, string CreatedBy);
