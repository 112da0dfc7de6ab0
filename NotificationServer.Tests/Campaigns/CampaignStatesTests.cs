using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns;

/// A server that begins nothing by itself, so that a campaign stays in the state in which a story put it.
public sealed class QuietServer : IAsyncLifetime
{
    public ServerHost Server { get; private set; } = null!; // xunit initialises before any test

    public async Task InitializeAsync()
    {
        Server = await ServerHost.StartAsync("Development", new Dictionary<string, string?> { ["Roles"] = "api" });
        await Server.Client.JsonAsync("PUT /v1/categories/news", """{"name":"News","class":"marketing"}""");
        await Server.Client.JsonAsync("PUT /v1/categories/offers", """{"name":"Offers","class":"marketing"}""");
        await Server.Client.JsonAsync("PUT /v1/categories/codes", """{"name":"Codes","class":"critical"}""");
        await Server.Client.JsonAsync("POST /v1/templates", """{"key":"news","name":"News","category":"news","channels":{"sms":{"body":"News"}}}""");
    }

    public async Task DisposeAsync() => await ((IAsyncLifetime)Server).DisposeAsync();
}

public sealed class CampaignStatesTests(QuietServer quiet) : IClassFixture<QuietServer>
{
    private const string Author = "staff:ann@example.org", Colleague = "staff:bob@example.org";

    private readonly CampaignDesk desk = quiet.Server.Services.GetRequiredService<CampaignDesk>();
    private readonly CampaignStore campaigns = quiet.Server.Services.GetRequiredService<CampaignStore>();

    public static TheoryData<string> Deeds() => [.. Enum.GetNames<CampaignDeed>()];

    [Theory, MemberData(nameof(Deeds))]
    public async Task Every_deed_is_done_in_the_states_of_the_table_and_in_no_other(string name)
    {
        var deed = Enum.Parse<CampaignDeed>(name);
        foreach (var status in Enum.GetValues<CampaignStatus>())
        {
            var id = await GivenAsync(status);
            var before = await campaigns.FindAsync(id, default);

            var answer = await DoAsync(deed, id);

            var after = await campaigns.FindAsync(id, default);
            if (status.Allows(deed))
            {
                Assert.Equal((deed, status, CampaignAnswerStatus.Done), (deed, status, answer.Status));
                Assert.Equal(deed == CampaignDeed.Delete ? null : Becomes(deed, status), after?.Status);
            }
            else
            {
                Assert.Equal((deed, status, CampaignAnswerStatus.WrongState), (deed, status, answer.Status));
                Assert.Contains(status.Name().Replace('_', ' '), answer.Problem, StringComparison.Ordinal);
                Assert.Equal((before!.Status, before.Revision), (after!.Status, after.Revision)); // both are there
            }
        }
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_not_decided_upon()
    {
        var id = await GivenAsync(CampaignStatus.PendingApproval);
        var seen = await campaigns.FindAsync(id, default);
        await desk.EditAsync(id, seen!.Revision, new CampaignDraft("Another", seen.Plan), Author, default);
        await desk.SubmitAsync(id, null, Author, default);

        Assert.Equal(CampaignAnswerStatus.Changed, (await desk.ApproveAsync(id, seen.Revision, Colleague, default)).Status);
        Assert.Equal(CampaignAnswerStatus.Changed, (await desk.DeleteAsync(id, seen.Revision, Colleague, default)).Status);
        Assert.Equal(CampaignAnswerStatus.Done, (await desk.ApproveAsync(id, null, Colleague, default)).Status);
    }

    [Fact]
    public async Task Of_two_who_decide_at_once_one_is_first()
    {
        var id = await GivenAsync(CampaignStatus.PendingApproval);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? desk.ApproveAsync(id, null, Colleague, default) : desk.RejectAsync(id, null, "no", Colleague, default)));

        Assert.Single(answers, answer => answer.Status == CampaignAnswerStatus.Done);
        Assert.Equal(7, answers.Count(answer => answer.Status == CampaignAnswerStatus.WrongState));
    }

    private Task<CampaignAnswer> DoAsync(CampaignDeed deed, Guid id) => deed switch
    {
        CampaignDeed.Edit => desk.EditAsync(id, null, new CampaignDraft("Edited", new CampaignPlan { Template = "news" }), Author, default),
        CampaignDeed.Submit => desk.SubmitAsync(id, null, Author, default),
        CampaignDeed.Approve => desk.ApproveAsync(id, null, Colleague, default),
        CampaignDeed.Reject => desk.RejectAsync(id, null, "not like this", Colleague, default),
        CampaignDeed.Launch => desk.LaunchAsync(id, null, Author, default),
        CampaignDeed.Pause => desk.PauseAsync(id, "wait", Author, default),
        CampaignDeed.Resume => desk.ResumeAsync(id, Author, default),
        CampaignDeed.Cancel => desk.CancelAsync(id, null, Author, default),
        CampaignDeed.Throttle => desk.ThrottleAsync(id, 60, Author, default),
        CampaignDeed.Delete => desk.DeleteAsync(id, null, Author, default),
    };

    /// The diagram, written down a second time.
    private static CampaignStatus Becomes(CampaignDeed deed, CampaignStatus from) => deed switch
    {
        CampaignDeed.Edit or CampaignDeed.Reject or CampaignDeed.Delete => CampaignStatus.Draft,
        CampaignDeed.Submit => CampaignStatus.PendingApproval,
        CampaignDeed.Approve => CampaignStatus.Approved,
        CampaignDeed.Launch => CampaignStatus.Scheduled,
        CampaignDeed.Pause => CampaignStatus.Paused,
        CampaignDeed.Resume => CampaignStatus.Running,
        CampaignDeed.Cancel => CampaignStatus.Cancelled,
        CampaignDeed.Throttle => from,
    };

    /// In a state, with a run where it has one by then.
    private async Task<Guid> GivenAsync(CampaignStatus status)
    {
        var made = await desk.CreateAsync(new CampaignDraft($"In {status.Name()}", new CampaignPlan { Template = "news" }), Author, default);
        var id = made.Campaign!.Id; // it is done
        await using var connection = await quiet.Server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("update campaigns set status = @status, approved_by = 'staff:bob@example.org' where id = @id", new { id, status = status.Name() });
        if (status is CampaignStatus.Running or CampaignStatus.Paused)
        {
            await connection.ExecuteAsync("""
                insert into campaign_runs (id, campaign_id, occurrence, client_id, sandbox, plan, paused_at)
                select gen_random_uuid(), id, now(), client_id, sandbox, plan, case when status = 'paused' then now() end from campaigns where id = @id
                """, new { id });
        }
        return id;
    }
}
