using Dapper;
using NotificationServer.Admin.Pages;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Pages;

public sealed class OverviewTests(Database db) : IClassFixture<Database>
{
    [Fact]
    public async Task It_says_what_waits_where_and_for_how_long()
    {
        var page = new OverviewModel(db.Source);
        await page.OnGetAsync(default);
        Assert.Equal("Nothing is waiting to be sent.", page.Sentence);

        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into jobs (channel, id, lane, run_at) select 'sms', gen_random_uuid(), 1, now() - interval '90 seconds' from generate_series(1, 1200);
            insert into jobs (channel, id, lane, run_at) values ('email', gen_random_uuid(), 2, now() + interval '1 day');
            insert into jobs (channel, id, lane, run_at, state, leased_by, lease_until)
            values ('ios_push', gen_random_uuid(), 0, now(), 1, 'n1', now() + interval '1 minute');
            """);
        await page.OnGetAsync(default);

        Assert.Equal("1,200 messages wait to be sent; the oldest, on SMS, for 1 min. 1 is planned for later.", page.Sentence);
        Assert.Equal(["ios_push", "android_push", "web_push", "sms", "email"], page.Channels.Select(c => c.Channel));
        Assert.Equal(["1 being sent", "Nothing waits", "Nothing waits", "oldest 1 min", "1 for later"], page.Channels.Select(c => c.Detail));
    }
}
