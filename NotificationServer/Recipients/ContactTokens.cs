using Dapper;
using Npgsql;

namespace NotificationServer.Recipients;

/// Asks that a person be told something now. One for a message of a limited category.
internal sealed record TokenWish(string UserId, string Family, string Category, Guid Notification, DateTimeOffset? ExpiresAt);

internal enum TokenVerdict
{
    Go,
    Wait,
    Drop,
    Merged,
}

/// At: until when it waits, in the database's time.
internal readonly record struct TokenAnswer(TokenVerdict Verdict, DateTimeOffset? At)
{
    public static readonly TokenAnswer Go = new(TokenVerdict.Go, null);
}

/// How often people are told, across all nodes and lanes: buckets in the database, asked for any number of messages with one statement.
/// Asking again for the same notification costs nothing, so that neither a retry nor a second device counts twice.
internal sealed class ContactTokens(NpgsqlDataSource db)
{
    public const string Capped = "frequency_capped";
    public const string Merged = "merged";

    /// In the order of the wishes.
    public async Task<IReadOnlyList<TokenAnswer>> TakeAsync(IReadOnlyList<TokenWish> wishes, CancellationToken ct)
    {
        // Without a limit (it was taken away a moment ago) there is no answer, and nothing to wait for.
        var answers = new TokenAnswer[wishes.Count];
        Array.Fill(answers, TokenAnswer.Go);
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Sql.Take, new
        {
            users = wishes.Select(wish => wish.UserId).ToArray(),
            channels = wishes.Select(wish => wish.Family).ToArray(),
            categories = wishes.Select(wish => wish.Category).ToArray(),
            notifications = wishes.Select(wish => wish.Notification).ToArray(),
            expiries = wishes.Select(wish => wish.ExpiresAt).ToArray(),
        }, cancellationToken: ct));
        foreach (var row in rows) answers[row.Place - 1] = new TokenAnswer(Enum.Parse<TokenVerdict>(row.Verdict, ignoreCase: true), row.At);
        return answers;
    }

    private sealed class Row
    {
        public required int Place { get; init; }
        public required string Verdict { get; init; }
        public DateTimeOffset? At { get; init; }
    }

    internal static class Sql
    {
        public const string Take = """
            select place, verdict, at
            from take_contact_tokens(@users::text[], @channels::text[], @categories::text[], @notifications::uuid[], @expiries::timestamptz[])
            """;
    }
}
