using System.Text.Json;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns.Runs;

/// A segment becomes another while what was agreed to with the old one goes out, or between two times that it does.
[Bar("S40")]
public sealed class RecalledRunsTests(RunWorld world) : IClassFixture<RunWorld>
{
    private const string Actor = "staff:ann@example.org";
    private const string Some = """{"all":[{"field":"locale","op":"in","value":["en"]}]}""", Everybody = """{"all":[]}""";

    private readonly SegmentStore segments = world.Get<SegmentStore>();

    [Fact]
    public async Task Between_two_times_it_is_a_draft_again_and_the_next_one_does_not_come()
    {
        var (segment, campaign) = await GivenBegunAsync(ScheduleKind.Recurring);
        await GoThroughAsync();
        Assert.Equal("scheduled", await world.StatusOfAsync(campaign));

        Assert.Equal(1, await ChangeAsync(segment));

        await AssertToBeAskedAboutAsync(campaign, segment);
    }

    [Fact]
    public async Task What_goes_on_to_those_who_were_meant_goes_on_and_is_a_draft_when_it_is_through()
    {
        var (segment, campaign) = await GivenBegunAsync(ScheduleKind.Recurring);
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();
        await world.ExpandOnceAsync();

        Assert.Equal(1, await ChangeAsync(segment));
        Assert.Equal(0, await ChangeAsync(segment, Some));
        Assert.Equal("running", await world.StatusOfAsync(campaign));
        Assert.True((await FindAsync(campaign)).IsRecalled);
        // Whoever holds it and lets it go does not agree to it by that.
        var desk = world.Get<CampaignDesk>();
        await desk.PauseAsync(campaign, "wait", Actor, default);
        Assert.Equal(CampaignStatus.Running, (await desk.ResumeAsync(campaign, Actor, default)).Campaign?.Status);
        await desk.ThrottleAsync(campaign, 100_000, Actor, default, andFollowing: true);
        await GoThroughAsync();

        Assert.Equal("completed", (await world.RunOfAsync(campaign)).Outcome);
        await world.AssertExactlyOnceAsync(campaign);
        await AssertToBeAskedAboutAsync(campaign, null);
    }

    [Theory]
    [InlineData("Recurring"), InlineData("Now")]
    public async Task What_only_writes_down_whom_it_means_stops_before_anybody_is_told_anything(string kind)
    {
        var (segment, campaign) = await GivenBegunAsync(Enum.Parse<ScheduleKind>(kind));
        await world.TendAsync();
        Assert.Equal(("gathering", 25), ((await world.RunOfAsync(campaign)).Phase, (await world.RunOfAsync(campaign)).Audience));

        Assert.Equal(1, await ChangeAsync(segment));
        Assert.Equal("draft", await world.StatusOfAsync(campaign));
        await GoThroughAsync();

        var run = await world.RunOfAsync(campaign);
        Assert.Equal(("cancelled", 25, 25, 0), (run.Outcome, run.Audience, run.Withdrawn, run.Messages));
        Assert.Contains(segment.Name, run.Problem, StringComparison.Ordinal);
        await AssertToBeAskedAboutAsync(campaign, segment);
    }

    [Fact]
    public async Task What_goes_out_once_and_knows_whom_it_means_is_left_alone()
    {
        var (segment, campaign) = await GivenBegunAsync(ScheduleKind.Now);
        while ((await world.RunOfAsync(campaign)).Phase == "gathering") await world.TendAsync();

        Assert.Equal(0, await ChangeAsync(segment));
        await GoThroughAsync();

        Assert.Equal("completed", await world.StatusOfAsync(campaign));
        await world.AssertExactlyOnceAsync(campaign);
    }

    private async Task<(Segment Segment, Guid Campaign)> GivenBegunAsync(ScheduleKind kind)
    {
        await world.GivenPeopleAsync(60);
        var segment = (await segments.CreateAsync(new SegmentDraft($"In English {Guid.CreateVersion7():N}", "", JsonElement.Parse(Some)), Actor, default)).Segment!; // nothing is wrong with it
        var campaign = await world.GivenDueAsync(plan => plan with
        {
            Audience = new Audience { SegmentIds = [segment.Id] },
            Schedule = kind == ScheduleKind.Recurring ? new Schedule { Kind = kind, Cron = "0 0 * * *" } : new Schedule(),
        });
        await world.DoAsync("update campaigns set approved_by = 'staff:bob@example.org', approved_at = now(), approved_plan = plan where id = @campaign", new { campaign });
        Assert.True(await world.BeginAsync());
        return (segment, campaign);
    }

    private async Task<int> ChangeAsync(Segment segment, string rules = Everybody) =>
        (await segments.EditAsync(segment.Id, null, new SegmentDraft(segment.Name, "", JsonElement.Parse(rules)), Actor, default)).Recalled;

    private async Task GoThroughAsync()
    {
        await world.DriveAsync();
        await world.SendAllAsync();
        await world.FoldAsync();
        await world.DriveAsync();
    }

    /// Segment: the one that its note names.
    private async Task AssertToBeAskedAboutAsync(Guid campaign, Segment? segment)
    {
        var recalled = await FindAsync(campaign);
        Assert.Equal((CampaignStatus.Draft, null, null, null), (recalled.Status, recalled.NextRunAt, recalled.ApprovedBy, recalled.Pace));
        Assert.Contains(segment?.Name ?? "was changed", recalled.Note, StringComparison.Ordinal);
        Assert.False(recalled.MayBeApprovedBy(Actor));
        Assert.False(await world.BeginAsync());
    }

    private async Task<Campaign> FindAsync(Guid campaign) => (await world.Get<CampaignStore>().FindAsync(campaign, default))!; // it is there
}
