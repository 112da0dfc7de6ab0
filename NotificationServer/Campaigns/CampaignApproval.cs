using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Campaigns.Segments;
using Npgsql;

namespace NotificationServer.Campaigns;

/// From a draft to what waits for its time: looked at, agreed to by somebody who had no part in it, and launched.
internal sealed class CampaignApproval(NpgsqlDataSource db, CampaignStore campaigns, PlanRules rules, FlightPlans flights, SecondPerson second)
{
    private const int Tries = 3;

    /// With the versions of its templates written into it: what is agreed to is what is sent.
    public async Task<CampaignAnswer> SubmitAsync(Guid id, int? ifRevision, string actor, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await campaigns.FindAsync(id, ct) is not { } seen) return new CampaignAnswer(CampaignAnswerStatus.NotFound);
            if (!seen.Status.Allows(CampaignDeed.Submit) || (ifRevision ?? seen.Revision) != seen.Revision)
                return await WhyNotAsync(id, CampaignDeed.Submit, ifRevision, actor, ct);
            var checkedPlan = await rules.CheckAsync(seen.Plan, ct);
            List<PlanError> errors = [.. checkedPlan.Errors];
            if (errors.Count == 0) errors.AddRange(await FlightErrorsAsync(seen with { Plan = checkedPlan.Pinned }, ct));
            if (errors.Count > 0) return new CampaignAnswer(CampaignAnswerStatus.Invalid, seen) { Errors = errors };
            var needed = await second.IsNeededAsync(checkedPlan.Pinned, ct);

            var (turn, refused) = await CampaignTurn.BeginAsync(db, id, CampaignDeed.Submit, seen.Revision, actor, ct);
            // Somebody was faster; who did not say what they had seen is not bothered with it.
            if (refused is { Status: CampaignAnswerStatus.Changed } && ifRevision is null && attempt < Tries) continue;
            if (turn is null) return refused!; // one of the two is there
            await using (turn) return await SubmittedAsync(turn, checkedPlan.Pinned, needed, actor, ct);
        }
    }

    public async Task<CampaignAnswer> ApproveAsync(Guid id, int? ifRevision, string actor, CancellationToken ct)
    {
        var (turn, refused) = await CampaignTurn.BeginAsync(db, id, CampaignDeed.Approve, ifRevision, actor, ct);
        if (turn is null) return refused!; // one of the two is there
        await using (turn)
        {
            if (!turn.Campaign.MayBeApprovedBy(actor)) return NeedsSecondPerson(turn.Campaign);
            return await turn.SaveAsync(turn.Campaign with
            {
                Status = CampaignStatus.Approved, ApprovedBy = actor, ApprovedAt = turn.Now, ApprovedPlan = turn.Campaign.Plan, Editors = [], Note = null,
            }, "campaign.approve", ct);
        }
    }

    public async Task<CampaignAnswer> RejectAsync(Guid id, int? ifRevision, string note, string actor, CancellationToken ct)
    {
        var (turn, refused) = await CampaignTurn.BeginAsync(db, id, CampaignDeed.Reject, ifRevision, actor, ct);
        if (turn is null) return refused!; // one of the two is there
        await using (turn)
            return await turn.SaveAsync(turn.Campaign with { Status = CampaignStatus.Draft, SubmittedBy = null, SubmittedAt = null, Note = note }, "campaign.reject", ct, note);
    }

    /// Templates, segments and the clock went on since it was agreed to: it is looked at once more.
    public async Task<CampaignAnswer> LaunchAsync(Guid id, int? ifRevision, string actor, CancellationToken ct)
    {
        if (await campaigns.FindAsync(id, ct) is not { } seen) return new CampaignAnswer(CampaignAnswerStatus.NotFound);
        if (!seen.Status.Allows(CampaignDeed.Launch) || (ifRevision ?? seen.Revision) != seen.Revision)
            return await WhyNotAsync(id, CampaignDeed.Launch, ifRevision, actor, ct);
        if ((await rules.CheckAsync(seen.Plan, ct)).Errors is { Count: > 0 } errors) return new CampaignAnswer(CampaignAnswerStatus.Invalid, seen) { Errors = errors };
        var lacksPerson = seen.ApprovedBy is null && await second.IsNeededAsync(seen.Plan, ct);

        var (turn, refused) = await CampaignTurn.BeginAsync(db, id, CampaignDeed.Launch, seen.Revision, actor, ct);
        if (turn is null) return refused!; // one of the two is there
        await using (turn)
        {
            if (lacksPerson)
                return NeedsSecondPerson((await turn.SaveAsync(turn.Campaign with { Status = CampaignStatus.PendingApproval, Note = null }, "campaign.submit", ct)).Campaign)
                    with { Problem = $"It means {second.From} people or more by now: a second person has to approve it" };
            if (Occurrences.StartAfter(turn.Campaign.Plan.Schedule, turn.Now) is not { } start)
                return new CampaignAnswer(CampaignAnswerStatus.Invalid, turn.Campaign) { Errors = [new("/schedule", "in_the_past", "Its time is over")] };
            return await turn.SaveAsync(turn.Campaign with { Status = CampaignStatus.Scheduled, NextRunAt = start }, "campaign.launch", ct);
        }
    }

    private async Task<CampaignAnswer> SubmittedAsync(CampaignTurn turn, CampaignPlan pinned, bool needed, string actor, CancellationToken ct)
    {
        // Whoever archives a segment asks who needs it, which this does from its commit on: one of the two comes first.
        if (await SegmentStore.KeepAsync(turn.Connection, [.. pinned.Audience.SegmentIds, .. pinned.Audience.ExcludeSegmentIds], ct) is [var archived, ..])
            return new CampaignAnswer(CampaignAnswerStatus.Invalid, turn.Campaign) { Errors = [new("/audience", "archived_segment", $"“{archived}” is archived")] };
        var submitted = turn.Campaign with { Plan = pinned, Status = CampaignStatus.PendingApproval, SubmittedBy = actor, SubmittedAt = turn.Now, Note = null };
        if (needed) return await turn.SaveAsync(submitted, "campaign.submit", ct);
        var why = second.From == 0 ? "No second person is asked for" : $"No second person is asked for below {second.From} people";
        return await turn.SaveAsync(submitted with
        {
            Status = CampaignStatus.Approved, ApprovedBy = null, ApprovedAt = turn.Now, ApprovedPlan = pinned, Note = why,
        }, "campaign.submit", ct, why);
    }

    /// It cannot be over before it is too late: told before anybody is asked to agree.
    private async Task<IReadOnlyList<PlanError>> FlightErrorsAsync(Campaign campaign, CancellationToken ct)
    {
        var answer = await flights.OfAsync(campaign, ct);
        if (answer.Plan is not { EndsAfterExpiry: true } plan) return answer.Errors;
        return [new(campaign.Plan.Schedule.Kind == ScheduleKind.Recurring ? "/expires_after_seconds" : "/expires_at", "ends_after_expiry",
            $"It would not be over when it expires: {plan.TooLate} messages would be too late. {string.Join(' ', plan.Notes)}".TrimEnd())];
    }

    /// In the words of the turn, which is not taken.
    private async Task<CampaignAnswer> WhyNotAsync(Guid id, CampaignDeed deed, int? ifRevision, string actor, CancellationToken ct)
    {
        var (turn, refused) = await CampaignTurn.BeginAsync(db, id, deed, ifRevision, actor, ct);
        if (turn is null) return refused!; // one of the two is there
        await turn.DisposeAsync();
        return new CampaignAnswer(CampaignAnswerStatus.Changed) { Problem = "Somebody changed it meanwhile: look at it again" };
    }

    private static CampaignAnswer NeedsSecondPerson(Campaign? campaign) => new(CampaignAnswerStatus.NeedsSecondPerson, campaign)
    {
        Problem = "Whoever wrote, changed or submitted it cannot approve it: ask somebody else",
    };
}
