using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Calendar;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using Npgsql;

namespace NotificationServer.Tests.Campaigns.Calendar;

public sealed class OverlapsTests(QuietServer quiet) : IClassFixture<QuietServer>
{
    private static readonly Guid One = Guid.CreateVersion7(), Other = Guid.CreateVersion7(), Alone = Guid.CreateVersion7();

    [Fact]
    public async Task Campaigns_that_have_nobody_in_common_do_not_collide_and_the_others_say_for_how_many()
    {
        await using (var connection = await quiet.Server.Database.Source.OpenConnectionAsync())
            await connection.ExecuteAsync("""
                insert into users (id) values ('ann'), ('ben'), ('cem'), ('dee');
                insert into segments (id, name, kind, created_by, updated_by) select id, 'List ' || n, 'list', 'test', 'test' from unnest(@lists) with ordinality as l(id, n);
                insert into segment_members values (@One, 'ann'), (@One, 'ben'), (@Other, 'ben'), (@Other, 'cem'), (@Alone, 'dee'), (@Alone, 'nobody-we-know'), (@One, 'nobody-we-know')
                """, new { One, Other, Alone, lists = new[] { One, Other, Alone } });

        Assert.Equal(1, await PeopleAsync(1, To(One), To(Other)));
        Assert.Equal(1, await PeopleAsync(1, To(), To(Alone)));
        Assert.Equal(1, await PeopleAsync(1, To(One), To(Alone), To(Other)));
        Assert.Equal(0, await PeopleAsync(1, To(One), To(Alone)));
        Assert.Equal(0, await PeopleAsync(2, To(One), To(Alone), To(Other)));
        Assert.Equal(0, await PeopleAsync(1, To(Other), new Audience { ExcludeSegmentIds = [Other] }));
        // The same people, and one that cannot be asked for any more: as it was told before.
        Assert.Null(await PeopleAsync(1, To(One), To(One)));
        Assert.Null(await PeopleAsync(1, To(One), To(Guid.CreateVersion7())));
    }

    private static Audience To(params Guid[] lists) => new() { SegmentIds = lists };

    /// 0: it is no collision.
    private async Task<long?> PeopleAsync(int limit, Audience audience, params Audience[] before)
    {
        var collision = new Collision(new CategoryLimit("news", "News", limit, TimeSpan.FromDays(7), "defer"), Run(audience), [.. before.Select(Run)]);
        var services = quiet.Server.Services;
        var overlaps = new Overlaps(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<Audiences>(), services.GetRequiredService<TimeProvider>())
        {
            Patience = TimeSpan.FromSeconds(30), // a page's tenth of a second is too little for a busy machine
        };
        return await overlaps.OfAsync([collision], default) is [var left] ? left.People : 0;
    }

    private static PlannedRun Run(Audience audience) => new(Guid.CreateVersion7(), "Run", CampaignStatus.Scheduled, TimeProvider.System.GetUtcNow()) { Audience = audience };
}
