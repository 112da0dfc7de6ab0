using Dapper;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Ui;
using Npgsql;

namespace NotificationServer.Admin.Pages;

internal sealed class OverviewModel(NpgsqlDataSource db) : PageModel
{
    /// Beyond this a figure is "more than": nobody decides differently at 10,001, and counting on costs time.
    public const int CountTo = 10_000;

    internal sealed record Row(string Channel, long Waiting, long Sending, long Later, TimeSpan? Oldest)
    {
        public string Detail => (Waiting, Sending, Later) switch
        {
            (0, 0, 0) => "Nothing waits",
            (0, 0, _) => $"{Words.Number(Later, CountTo)} for later",
            (0, _, _) => $"{Words.Number(Sending, CountTo)} being sent",
            _ when Oldest is { } oldest => $"oldest {Words.Age(oldest)}",
            _ => "",
        };
    }

    public IReadOnlyList<Row> Channels { get; private set; } = [];

    public string Sentence => SentenceOf(Channels);

    public async Task OnGetAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        Channels = (await connection.QueryAsync<Row>(new CommandDefinition(Sql.Waiting, new { limit = CountTo + 1 }, cancellationToken: ct))).AsList();
    }

    internal static string SentenceOf(IReadOnlyList<Row> channels)
    {
        var waiting = channels.Sum(c => c.Waiting);
        var sending = channels.Sum(c => c.Sending);
        var later = channels.Sum(c => c.Later);
        var more = channels.Any(c => c.Waiting > CountTo) ? "More than " : "";
        var also = later == 0 ? "" : $" {Words.Number(later, CountTo)} {Words.Plural(later, "is", "are")} planned for later.";

        if (waiting == 0)
        {
            return (sending == 0 ? "Nothing is waiting to be sent."
                : $"{Words.Number(sending)} {Words.Plural(sending, "message is", "messages are")} being sent; nothing else waits.") + also;
        }

        var oldest = channels.Where(c => c.Oldest is not null).MaxBy(c => c.Oldest);
        var age = oldest is null ? "" : $"; the oldest, on {Words.Channel(oldest.Channel)}, for {Words.Age(oldest.Oldest!.Value)}"; // filtered above
        return $"{more}{Words.Number(waiting)} {Words.Plural(waiting, "message waits", "messages wait")} to be sent{age}.{also}";
    }

    internal static class Sql
    {
        // Every count stops at @limit and every minimum is the head of an index, so that a backlog of millions costs what a small one does.
        public const string Waiting = """
            select c.channel,
                   (select count(*) from (
                       select from jobs where channel = c.channel and state = 0 and run_at <= now() limit @limit) w) as waiting,
                   (select count(*) from (
                       select from jobs where channel = c.channel and state = 1 limit @limit) s) as sending,
                   (select count(*) from (
                       select from jobs where channel = c.channel and state = 0 and run_at > now() limit @limit) l) as later,
                   now() - (select min(head.run_at) from (values (0), (1), (2)) lanes (lane), lateral (
                       select run_at from jobs
                       where channel = c.channel and state = 0 and lane = lanes.lane and run_at <= now()
                       order by run_at limit 1) head) as oldest
            from (values (1, 'ios_push'), (2, 'android_push'), (3, 'web_push'), (4, 'sms'), (5, 'email')) c (place, channel)
            order by c.place
            """;
    }
}
