namespace NotificationServer.Campaigns.Segments;

/// Who is meant, as a condition over `users u`. Parameters' names begin with `s`: nobody else's may.
internal sealed record AudienceSql(string Condition, IReadOnlyDictionary<string, object> Parameters);
