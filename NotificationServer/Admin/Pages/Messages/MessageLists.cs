using Dapper;
using NotificationServer.Admin.Pages.Failures;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Pages.Messages;

/// The five ways to a list of messages; each has an index that it goes by, or a bound on how much it looks at.
internal sealed class MessageLists(NpgsqlDataSource db, TimeProvider clock)
{
    public const int PageSize = 50;
    /// How many of the newest are looked through where no index knows the answer.
    public const int LooksAt = 100_000;
    /// How many of a lane, where each has to be looked up for it.
    private const int LooksUp = 2_000;
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// Next: where it goes on. LookedUntil: as far back as it looked without finding enough.
    internal sealed record Answer(IReadOnlyList<MessageRow> Rows, string? Next, DateTimeOffset? LookedUntil = null);

    public async Task<Answer> ReadAsync(MessageQuery query, MessageFinder.Found? found, CampaignNames.Known? campaign, string? cursor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (query.IsLive && found is null) return await LiveAsync(connection, query, campaign, cursor, ct);
        if (query.IsDead && found is null) return await DeadAsync(connection, query, campaign, cursor, ct);
        if (found is { ProviderMessageId: null }) return await OfFoundAsync(connection, query, found, campaign, cursor, ct);
        return campaign is null ? await ScanAsync(connection, query, found, cursor, ct) : await OfCampaignAsync(connection, query, found, campaign, cursor, ct);
    }

    private static async Task<Answer> OfFoundAsync(
        NpgsqlConnection connection, MessageQuery query, MessageFinder.Found found, CampaignNames.Known? campaign, string? cursor, CancellationToken ct)
    {
        var range = found.Notifications is { Length: > 0 } siblings ? IdRange.SiblingsOf(siblings) : new IdRange(Guid.Empty, Guid.AllBitsSet);
        var rows = await connection.QueryAsync<MessageRow>(new CommandDefinition(MessageStatements.Sql.OfFound, new
        {
            users = found.Users, address = found.Address, notifications = found.Notifications, ids = found.Messages, runs = campaign?.Runs,
            first = range.From, last = range.Below,
            channels = query.Channels, lane = query.LaneNumber, wanted = query.Wanted, provider = FailureQuery.Given(query.Provider), template = FailureQuery.Given(query.Template),
            from = query.From is { } from ? PrefixedId.SmallestAt(from) : Guid.Empty, below = Below(query, cursor), limit = PageSize + 1,
        }, cancellationToken: ct));
        return Cut(rows.AsList(), row => row.Id.ToString("N"));
    }

    /// The newest first, as far back as the time that was asked for and as many as can be looked at in time.
    private async Task<Answer> ScanAsync(NpgsqlConnection connection, MessageQuery query, MessageFinder.Found? found, string? cursor, CancellationToken ct)
    {
        var (from, below) = (PrefixedId.SmallestAt(query.From ?? clock.GetUtcNow() - Window), Below(query, cursor));
        var rows = (await connection.QueryAsync<MessageRow>(new CommandDefinition(MessageStatements.Sql.Newest, new
        {
            providerMessageId = found?.ProviderMessageId, channels = query.Channels, lane = query.LaneNumber, wanted = query.Wanted,
            provider = FailureQuery.Given(query.Provider), template = FailureQuery.Given(query.Template), from, below, looksAt = LooksAt, limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        if (rows.Count > PageSize) return Cut(rows, row => row.Id.ToString("N"));
        var last = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(MessageStatements.Sql.LookedUntil, new { from, below, skip = LooksAt - 1 }, cancellationToken: ct));
        return new Answer(rows, last?.ToString("N"), last is { } id ? PrefixedId.InstantOf(id) : null);
    }

    private static async Task<Answer> OfCampaignAsync(
        NpgsqlConnection connection, MessageQuery query, MessageFinder.Found? found, CampaignNames.Known campaign, string? cursor, CancellationToken ct)
    {
        if (campaign.Runs.Length == 0) return new Answer([], null);
        var (runs, from, below) = (campaign.Runs, query.From is { } since ? PrefixedId.SmallestAt(since) : Guid.Empty, Below(query, cursor));
        var looksAt = LooksAt / runs.Length;
        var rows = (await connection.QueryAsync<MessageRow>(new CommandDefinition(CampaignStatements.Sql.OfRuns, new
        {
            runs, providerMessageId = found?.ProviderMessageId, channels = query.Channels, lane = query.LaneNumber, wanted = query.Wanted,
            provider = FailureQuery.Given(query.Provider), template = FailureQuery.Given(query.Template), from, below, looksAt, limit = PageSize + 1,
        }, cancellationToken: ct))).AsList();
        if (rows.Count > PageSize) return Cut(rows, row => row.Id.ToString("N"));
        // What one run has below the end of another's part is found again from there.
        var last = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(CampaignStatements.Sql.LookedUntil, new { runs, from, below, skip = looksAt - 1 }, cancellationToken: ct));
        return last is not { } id ? new Answer(rows, null) : new Answer(rows.FindAll(row => row.Id.CompareTo(id) >= 0), id.ToString("N"), PrefixedId.InstantOf(id));
    }

    private static async Task<Answer> LiveAsync(NpgsqlConnection connection, MessageQuery query, CampaignNames.Known? campaign, string? cursor, CancellationToken ct)
    {
        var (position, after) = Split(cursor);
        var (provider, template) = (FailureQuery.Given(query.Provider), FailureQuery.Given(query.Template));
        var rows = await connection.QueryAsync<MessageRow>(new CommandDefinition(query.Wanted switch
        {
            "processing" => LiveStatements.Sql.Processing,
            "retrying" => LiveStatements.Sql.Retrying,
            _ => LiveStatements.Sql.Waiting,
        }, new
        {
            queues = query.Queues, lanes = query.Lanes, wanted = query.Wanted, position, after, provider, template, runs = campaign?.Runs,
            looksAt = provider is null && template is null && campaign is null ? LooksAt : LooksUp, limit = PageSize + 1,
        }, cancellationToken: ct));
        return Cut(rows.AsList(), row => $"{row.Position}.{row.Id:N}");
    }

    private static async Task<Answer> DeadAsync(NpgsqlConnection connection, MessageQuery query, CampaignNames.Known? campaign, string? cursor, CancellationToken ct)
    {
        var (position, after) = Split(cursor);
        var rows = await connection.QueryAsync<MessageRow>(new CommandDefinition(MessageStatements.Sql.Dead, new
        {
            channels = query.Channels, lane = query.LaneNumber, provider = FailureQuery.Given(query.Provider), template = FailureQuery.Given(query.Template),
            runs = campaign?.Runs, campaign?.Since, query.From, query.To, position, after, limit = PageSize + 1,
        }, cancellationToken: ct));
        return Cut(rows.AsList(), row => $"{row.Position}.{row.Id:N}");
    }

    private static Answer Cut(List<MessageRow> rows, Func<MessageRow, string> cursorOf) =>
        rows.Count > PageSize ? new Answer(rows[..PageSize], cursorOf(rows[PageSize - 1])) : new Answer(rows, null);

    private static Guid Below(MessageQuery query, string? cursor) => Guid.TryParseExact(cursor, "N", out var id) ? id
        : query.To is { } to ? PrefixedId.SmallestAt(to) : Guid.AllBitsSet;

    private static (long? Position, Guid? After) Split(string? cursor) => cursor?.Split('.', 2) is [var position, var after]
        && long.TryParse(position, out var at) && Guid.TryParseExact(after, "N", out var id) ? (at, id) : (null, null);
}
