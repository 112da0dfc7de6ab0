namespace NotificationServer.Campaigns.Segments;

/// Who is meant, as a condition over `users u`. Parameters' names begin with `s`: nobody else's may.
internal sealed record AudienceSql(string Condition, IReadOnlyDictionary<string, object> Parameters)
{
    /// What a statement has in the place of the condition, so that it can be read and prepared without one.
    public const string Whom = "/* whom */ true";

    public string In(string statement) => statement.Replace(Whom, Condition, StringComparison.Ordinal);
}
