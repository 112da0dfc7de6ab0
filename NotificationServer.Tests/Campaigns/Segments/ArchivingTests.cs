using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns.Segments;

/// A segment goes away and a campaign that needs it is submitted, at one moment: one of the two comes first.
public sealed class ArchivingTests(QuietServer quiet) : IClassFixture<QuietServer>
{
    private const string Actor = "staff:ann@example.org";

    private readonly SegmentStore segments = quiet.Server.Services.GetRequiredService<SegmentStore>();
    private readonly CampaignDesk desk = quiet.Server.Services.GetRequiredService<CampaignDesk>();

    [Fact]
    public async Task What_a_campaign_that_is_just_being_submitted_names_is_not_archived()
    {
        var (segment, campaign) = await GivenAsync("Being submitted");
        await using var connection = await quiet.Server.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(SegmentStore.Sql.Keep);
        await connection.ExecuteAsync("update campaigns set status = 'pending_approval' where id = @campaign", new { campaign });

        var archiving = segments.ArchiveAsync(segment, null, archived: true, Actor, default);
        await SomebodyWaitsAsync();
        await transaction.CommitAsync();

        Assert.Equal(SegmentAnswerStatus.InUse, (await archiving).Status);
    }

    [Fact]
    public async Task What_names_a_segment_that_is_just_being_archived_is_not_submitted()
    {
        var (segment, campaign) = await GivenAsync("Being archived");
        await using var connection = await quiet.Server.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(SegmentStore.Sql.TakeAway);
        await connection.ExecuteAsync("update segments set archived_at = now() where id = @segment", new { segment });

        var submitting = desk.SubmitAsync(campaign, null, Actor, default);
        await SomebodyWaitsAsync();
        await transaction.CommitAsync();

        var answer = await submitting;
        Assert.Equal((CampaignAnswerStatus.Invalid, "archived_segment"), (answer.Status, Assert.Single(answer.Errors).Code));
        Assert.Equal("draft", await connection.ExecuteScalarAsync<string>("select status from campaigns where id = @campaign", new { campaign }));
    }

    private async Task<(Guid Segment, Guid Campaign)> GivenAsync(string name)
    {
        var segment = (await segments.CreateAsync(new SegmentDraft(name, "", null), Actor, default)).Segment!; // nothing is wrong with it
        var plan = new CampaignPlan
        {
            Template = "news", Audience = new Audience { SegmentIds = [segment.Id] },
            Schedule = new Schedule { Kind = ScheduleKind.At, At = TimeProvider.System.GetUtcNow().AddDays(30) },
        };
        var campaign = (await desk.CreateAsync(new CampaignDraft(name, plan) { ClientId = Guid.CreateVersion7() }, Actor, default)).Campaign!; // likewise
        return (segment.Id, campaign.Id);
    }

    private async Task SomebodyWaitsAsync()
    {
        await using var connection = await quiet.Server.Database.Source.OpenConnectionAsync();
        await Eventually.IsTrueAsync(async () => await connection.ExecuteScalarAsync<bool>("""
            select exists (
                select from pg_locks l where l.locktype = 'advisory' and not l.granted and l.database = (select oid from pg_database where datname = current_database()))
            """));
    }
}
