using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns;

/// What was agreed to means the people of its segments as they were: when a segment becomes another, whoever agreed is asked again.
[Bar("S40")]
public sealed class RecallTests(QuietServer quiet) : IClassFixture<QuietServer>
{
    private const string Author = "staff:ann@example.org", Colleague = "staff:bob@example.org", Third = "staff:cem@example.org";
    private const string Few = """{"all":[{"field":"country","op":"in","value":["CH"]}]}""", Many = """{"all":[]}""";

    private readonly World world = new(quiet.Server);

    [Theory]
    [InlineData("pending_approval"), InlineData("approved"), InlineData("scheduled"), InlineData("paused")]
    public async Task Other_rules_send_back_what_somebody_agreed_to_or_is_being_asked_about(string status)
    {
        var segment = await world.RulesAsync(Few);
        var campaign = await world.CampaignAsync(status, new Audience { SegmentIds = [segment.Id] });

        var answer = await world.EditAsync(segment, Many, actor: Colleague);

        Assert.Equal((SegmentAnswerStatus.Done, 1), (answer.Status, answer.Recalled));
        var recalled = await world.FindAsync(campaign.Id);
        Assert.Equal((CampaignStatus.Draft, null, null, null), (recalled.Status, recalled.ApprovedBy, recalled.NextRunAt, recalled.ApprovedPlan));
        Assert.Contains($"“{segment.Name}” was changed", recalled.Note, StringComparison.Ordinal);
        Assert.Equal(("campaign.recall", Colleague), await world.LastDeedAsync(campaign.Id));
        Assert.Equal(CampaignAnswerStatus.WrongState, (await world.Desk.LaunchAsync(campaign.Id, null, Author, default)).Status);
        Assert.Equal(CampaignAnswerStatus.WrongState, (await world.Desk.ApproveAsync(campaign.Id, null, Third, default)).Status);

        // Whoever changed whom it means had a part in it.
        Assert.Equal(CampaignStatus.PendingApproval, (await world.Desk.SubmitAsync(campaign.Id, null, Author, default)).Campaign?.Status);
        Assert.Equal(CampaignAnswerStatus.NeedsSecondPerson, (await world.Desk.ApproveAsync(campaign.Id, null, Colleague, default)).Status);
        Assert.Equal(CampaignAnswerStatus.Done, (await world.Desk.ApproveAsync(campaign.Id, null, Third, default)).Status);
    }

    [Fact]
    public async Task Who_comes_to_a_list_that_is_left_out_sends_back_what_names_it_only_by_another_segments_rules()
    {
        var list = await world.ListAsync();
        // In capitals, as a service may write it.
        var outer = await world.RulesAsync($$"""{"field":"segment","op":"in","value":["seg_{{list.Id.ToString("N").ToUpperInvariant()}}"]}""");
        var campaign = await world.CampaignAsync("scheduled", new Audience { ExcludeSegmentIds = [outer.Id] });
        Assert.Equal(1, await world.Recall.CountAsync(list.Id, default));

        Assert.Equal(1, await world.UploadAsync(list, MembersChange.Replace, "ann\nben\n"));
        Assert.Equal(CampaignStatus.Draft, (await world.FindAsync(campaign.Id)).Status);

        var again = await world.CampaignAsync("approved", new Audience { SegmentIds = [list.Id] });
        Assert.Equal(1, await world.UploadAsync(list, MembersChange.Remove, "ann\n"));
        Assert.Equal(CampaignStatus.Draft, (await world.FindAsync(again.Id)).Status);
    }

    [Fact]
    public async Task What_is_undone_is_a_change_too()
    {
        var list = await world.ListAsync();
        var members = quiet.Server.Services.GetRequiredService<SegmentMembers>();
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("ann\n"));
        var (changed, result) = await members.TakeAsync(list.Id, MembersChange.Add, file, Author, default);
        var campaign = await world.CampaignAsync("approved", new Audience { SegmentIds = [list.Id] });

        var undone = await members.UndoAsync(list.Id, result!.Change, changed.Segment!.Revision, 1, Author, default); // it was taken

        Assert.Equal((SegmentAnswerStatus.Done, 1), (undone.Status, undone.Recalled));
        Assert.Equal(CampaignStatus.Draft, (await world.FindAsync(campaign.Id)).Status);
    }

    [Fact]
    public async Task What_changes_nobody_of_whom_it_means_sends_nothing_back()
    {
        var (segment, list, other) = (await world.RulesAsync(Few), await world.ListAsync(), await world.RulesAsync(Few));
        await world.UploadAsync(list, MembersChange.Replace, "ann\nben\n");
        var campaign = await world.CampaignAsync("scheduled", new Audience { SegmentIds = [segment.Id], ExcludeSegmentIds = [list.Id] });
        var draft = await world.CampaignAsync("draft", new Audience { SegmentIds = [other.Id] });

        Assert.Equal(0, (await world.EditAsync(segment, """ { "all" : [ { "value": ["CH"], "op": "in", "field": "country" } ] } """, name: $"{segment.Name}, renamed")).Recalled);
        Assert.Equal(0, await world.UploadAsync(list, MembersChange.Replace, "ben\nann\n"));
        Assert.Equal(0, (await world.EditAsync(other, Many)).Recalled);

        Assert.Equivalent(campaign, await world.FindAsync(campaign.Id));
        Assert.Equivalent(draft, await world.FindAsync(draft.Id));
    }

    [Fact]
    public async Task A_change_that_fails_sends_nothing_back()
    {
        var (segment, taken) = (await world.RulesAsync(Few), await world.RulesAsync(Few));
        var campaign = await world.CampaignAsync("approved", new Audience { SegmentIds = [segment.Id] });

        Assert.Equal(SegmentAnswerStatus.NameTaken, (await world.EditAsync(segment, Many, name: taken.Name)).Status);

        Assert.Equivalent(campaign, await world.FindAsync(campaign.Id));
    }

    [Fact]
    public async Task What_is_submitted_while_its_segment_is_changed_is_seen_by_the_change()
    {
        var segment = await world.RulesAsync(Few);
        var campaign = await world.CampaignAsync("draft", new Audience { SegmentIds = [segment.Id] });
        await using var connection = await quiet.Server.Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await SegmentStore.KeepAsync(connection, [segment.Id], default);
        await connection.ExecuteAsync("update campaigns set status = 'pending_approval' where id = @Id", new { campaign.Id });

        var editing = world.EditAsync(segment, Many);
        await using (var looking = await quiet.Server.Database.Source.OpenConnectionAsync())
        {
            await Eventually.IsTrueAsync(() => looking.ExecuteScalarAsync<bool>("""
                select exists (
                    select from pg_locks l where l.locktype = 'advisory' and not l.granted and l.database = (select oid from pg_database where datname = current_database()))
                """));
        }
        await transaction.CommitAsync();

        Assert.Equal(1, (await editing).Recalled);
        Assert.Equal(CampaignStatus.Draft, (await world.FindAsync(campaign.Id)).Status);
    }

    [Fact]
    public async Task Where_nobody_is_asked_for_the_segments_of_what_waits_change_freely()
    {
        await using var lenient = await ServerHost.StartAsync("Development", new Dictionary<string, string?> { ["Roles"] = "api", ["Campaigns:ApprovalFrom"] = "0" }, quiet.Server.Database);
        var free = new World(lenient);
        var segment = await free.RulesAsync(Few);
        var campaign = await free.CampaignAsync("scheduled", new Audience { SegmentIds = [segment.Id] });

        Assert.Equal((0, 0), (await free.Recall.CountAsync(segment.Id, default), (await free.EditAsync(segment, Many)).Recalled));
        Assert.Equivalent(campaign, await free.FindAsync(campaign.Id));
    }

    [Fact]
    public async Task A_small_one_waits_as_long_as_it_stays_small_and_what_somebody_agreed_to_is_asked_about_whatever_it_becomes()
    {
        await using var lenient = await ServerHost.StartAsync("Development", new Dictionary<string, string?> { ["Roles"] = "api", ["Campaigns:ApprovalFrom"] = "3" }, quiet.Server.Database);
        var some = new World(lenient);
        await using var connection = await quiet.Server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into users (id) values ('few1'), ('few2'), ('few3')");
        try
        {
            var list = await some.ListAsync();
            await some.UploadAsync(list, MembersChange.Add, "few1\n");
            var small = await some.CampaignAsync("scheduled", new Audience { SegmentIds = [list.Id] });
            Assert.Null(small.ApprovedBy);

            Assert.Equal(0, await some.UploadAsync(list, MembersChange.Add, "few2\n"));
            Assert.Equivalent(small, await some.FindAsync(small.Id));
            Assert.Equal(1, await some.UploadAsync(list, MembersChange.Add, "few3\n"));
            Assert.Equal(CampaignStatus.Draft, (await some.FindAsync(small.Id)).Status);

            var big = await some.CampaignAsync("scheduled", new Audience { SegmentIds = [list.Id] });
            Assert.Equal(Colleague, big.ApprovedBy);
            Assert.Equal(1, await some.UploadAsync(list, MembersChange.Replace, "few1\n"));
            Assert.Equal(CampaignStatus.Approved, (await some.Desk.SubmitAsync(big.Id, null, Author, default)).Campaign?.Status);
        }
        finally
        {
            await connection.ExecuteAsync("delete from users where id like 'few%'");
        }
    }

    /// A server, and what people do there.
    private sealed class World(ServerHost server)
    {
        private readonly SegmentStore segments = server.Services.GetRequiredService<SegmentStore>();

        public CampaignDesk Desk { get; } = server.Services.GetRequiredService<CampaignDesk>();

        public CampaignRecall Recall { get; } = server.Services.GetRequiredService<CampaignRecall>();

        public Task<Segment> RulesAsync(string rules) => MakeAsync(JsonElement.Parse(rules));

        public Task<Segment> ListAsync() => MakeAsync(null);

        public Task<SegmentAnswer> EditAsync(Segment segment, string rules, string? name = null, string actor = Author) =>
            segments.EditAsync(segment.Id, null, new SegmentDraft(name ?? segment.Name, "", JsonElement.Parse(rules)), actor, default);

        /// How many campaigns it sent back.
        public async Task<int> UploadAsync(Segment list, MembersChange change, string file)
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(file));
            var (answer, _) = await server.Services.GetRequiredService<SegmentMembers>().TakeAsync(list.Id, change, stream, Author, default);
            Assert.Equal(SegmentAnswerStatus.Done, answer.Status);
            return answer.Recalled;
        }

        /// By the whole way there.
        public async Task<Campaign> CampaignAsync(string status, Audience audience)
        {
            var plan = new CampaignPlan
            {
                Template = "news", Audience = audience, Schedule = new Schedule { Kind = ScheduleKind.At, At = TimeProvider.System.GetUtcNow().AddDays(30) },
            };
            var campaign = (await Desk.CreateAsync(new CampaignDraft("To some", plan) { ClientId = Guid.CreateVersion7() }, Author, default)).Campaign!; // nothing is wrong with it
            if (status == "draft") return campaign;
            campaign = (await Desk.SubmitAsync(campaign.Id, null, Author, default)).Campaign!; // likewise
            if (status == "pending_approval") return campaign;
            if (campaign.Status == CampaignStatus.PendingApproval) Assert.Equal(CampaignAnswerStatus.Done, (await Desk.ApproveAsync(campaign.Id, null, Colleague, default)).Status);
            if (status != "approved") Assert.Equal(CampaignAnswerStatus.Done, (await Desk.LaunchAsync(campaign.Id, null, Author, default)).Status);
            if (status == "paused") Assert.Equal(CampaignAnswerStatus.Done, (await Desk.PauseAsync(campaign.Id, "wait", Author, default)).Status);
            return await FindAsync(campaign.Id);
        }

        public async Task<Campaign> FindAsync(Guid id) => (await server.Services.GetRequiredService<CampaignStore>().FindAsync(id, default))!; // it is there

        public async Task<(string Action, string Actor)> LastDeedAsync(Guid campaign)
        {
            await using var connection = await server.Database.Source.OpenConnectionAsync();
            return await connection.QuerySingleAsync<(string, string)>(
                "select action, actor from audit_log where target = @target order by id desc limit 1", new { target = CampaignTurn.Target(campaign) });
        }

        private async Task<Segment> MakeAsync(JsonElement? rules) =>
            (await segments.CreateAsync(new SegmentDraft($"Segment {Guid.CreateVersion7():N}", "", rules), Author, default)).Segment!; // nothing is wrong with it
    }
}
