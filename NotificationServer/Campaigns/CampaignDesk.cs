using System.Text.Json;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Runs;
using Npgsql;

namespace NotificationServer.Campaigns;

/// Everything that people do to campaigns, from the admin app and over REST alike: who may, in which state, and what is written down of it.
/// IfRevision: what they saw when they decided; null: whatever it is now.
internal sealed class CampaignDesk(NpgsqlDataSource db, CampaignStore campaigns, CampaignMaker maker, CampaignApproval approval)
{
    private const int MostPerMinute = 10_000_000;
    private const int LongestNote = 500;
    private const int Tries = 3;

    public Task<CampaignAnswer> CreateAsync(CampaignDraft draft, string actor, CancellationToken ct) => maker.MakeAsync(draft, null, actor, ct);

    /// A new draft that is equal to it but for its name.
    public async Task<CampaignAnswer> CloneAsync(Guid id, string actor, CancellationToken ct) =>
        await campaigns.FindAsync(id, ct) is { } original
            ? await maker.MakeAsync(CampaignMaker.CopyOf(original), original.Id, actor, ct) : new CampaignAnswer(CampaignAnswerStatus.NotFound);

    /// Of a draft, or of what waits: that becomes a draft again, to be agreed to anew. Nothing happens where nothing differs.
    public async Task<CampaignAnswer> EditAsync(Guid id, int? ifRevision, CampaignDraft draft, string actor, CancellationToken ct)
    {
        if (CampaignMaker.Check(draft) is { Count: > 0 } errors) return new CampaignAnswer(CampaignAnswerStatus.Invalid) { Errors = errors };
        var (turn, refused) = await CampaignTurn.BeginAsync(db, id, CampaignDeed.Edit, ifRevision, actor, ct);
        if (turn is null) return refused!; // one of the two is there
        await using (turn)
        {
            var old = turn.Campaign;
            if (old.Name == draft.Name && IsSame(old.Plan, draft.Plan)) return new CampaignAnswer(CampaignAnswerStatus.Done, old);
            return await turn.SaveAsync(old with
            {
                Name = draft.Name,
                Plan = draft.Plan,
                Status = CampaignStatus.Draft,
                SubmittedBy = null,
                SubmittedAt = null,
                NextRunAt = null,
                Editors = [.. old.Editors.Append(actor).Distinct()],
            }, "campaign.update", ct);
        }
    }

    public Task<CampaignAnswer> SubmitAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) => approval.SubmitAsync(id, ifRevision, actor, ct);

    public Task<CampaignAnswer> ApproveAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) => approval.ApproveAsync(id, ifRevision, actor, ct);

    public Task<CampaignAnswer> RejectAsync(Guid id, int? ifRevision, string note, string actor, CancellationToken ct) =>
        Unstorable(note, "/note", required: true) ?? approval.RejectAsync(id, ifRevision, note.Trim(), actor, ct);

    public Task<CampaignAnswer> LaunchAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) => approval.LaunchAsync(id, ifRevision, actor, ct);

    /// What waits for its time does not begin meanwhile either.
    public Task<CampaignAnswer> PauseAsync(Guid id, string? reason, string actor, CancellationToken ct) =>
        Unstorable(reason, "/reason") ?? MoveAsync(id, CampaignDeed.Pause, actor, async turn =>
        {
            await RunSwitch.PauseAsync(turn.Connection, id, actor, reason, ct);
            return await turn.SaveAsync(turn.Campaign with { Status = CampaignStatus.Paused, Note = reason }, "campaign.pause", ct, reason);
        }, ct);

    public Task<CampaignAnswer> ResumeAsync(Guid id, string actor, CancellationToken ct) => MoveAsync(id, CampaignDeed.Resume, actor, async turn =>
    {
        var runs = await RunSwitch.ResumeAsync(turn.Connection, id, ct);
        var (plan, next) = (turn.Campaign.Plan, turn.Campaign.NextRunAt);
        // What a recurring one missed is not made up for: it goes on with the next.
        if (plan.Schedule.Kind == ScheduleKind.Recurring && next <= turn.Now) next = Occurrences.Next(plan.Schedule, turn.Now);
        return await turn.SaveAsync(turn.Campaign with
        {
            Status = runs > 0 ? CampaignStatus.Running : next is null ? CampaignStatus.Completed : CampaignStatus.Scheduled,
            NextRunAt = next,
            Note = null,
        }, "campaign.resume", ct);
    }, ct);

    public Task<CampaignAnswer> CancelAsync(Guid id, string? reason, string actor, CancellationToken ct) =>
        Unstorable(reason, "/reason") ?? MoveAsync(id, CampaignDeed.Cancel, actor, async turn =>
        {
            await RunSwitch.CancelAsync(turn.Connection, id, reason, ct);
            return await turn.SaveAsync(turn.Campaign with { Status = CampaignStatus.Cancelled, NextRunAt = null, Note = reason }, "campaign.cancel", ct, reason);
        }, ct);

    /// People a minute, of the run that goes on, and if wanted of those that follow it; null: as fast as the queue takes them. The plan stays as it
    /// was agreed to.
    public async Task<CampaignAnswer> ThrottleAsync(Guid id, int? perMinute, string actor, CancellationToken ct, bool andFollowing = false)
    {
        if (perMinute is < 1 or > MostPerMinute)
            return new CampaignAnswer(CampaignAnswerStatus.Invalid) { Errors = [new("/throttle_per_minute", "out_of_range", "1 to 10,000,000 people a minute")] };
        return await MoveAsync(id, CampaignDeed.Throttle, actor, async turn =>
        {
            if (andFollowing && turn.Campaign.Plan.Schedule.Kind != ScheduleKind.Recurring)
                return new CampaignAnswer(CampaignAnswerStatus.Invalid, turn.Campaign) { Errors = [new("/following_runs", "not_recurring", "It does not go out again")] };
            if (await RunSwitch.ThrottleAsync(turn.Connection, id, perMinute, ct) == 0)
                return new CampaignAnswer(CampaignAnswerStatus.WrongState, turn.Campaign) { Problem = "No run of it is under way" };
            if (andFollowing) await RunSwitch.PaceAsync(turn.Connection, id, perMinute, ct);
            var told = (perMinute is { } people ? $"{people} a minute" : "as fast as it goes") + (andFollowing ? ", the following runs too" : "");
            return await turn.SaveAsync(turn.Campaign, "campaign.throttle", ct, more: new PlanChange("throttle", null, told));
        }, ct);
    }

    /// Drafts that never went out only.
    public Task<CampaignAnswer> DeleteAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) =>
        MoveAsync(id, CampaignDeed.Delete, actor, turn => turn.DeleteAsync(ct), ct, ifRevision);

    /// Whoever wants a run's row and its campaign's takes the campaign's first, or waits for neither. Should two meet after all, the database ends
    /// one of them, and it is tried again.
    private async Task<CampaignAnswer> MoveAsync(
        Guid id, CampaignDeed deed, string actor, Func<CampaignTurn, Task<CampaignAnswer>> move, CancellationToken ct, int? ifRevision = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (turn, refused) = await CampaignTurn.BeginAsync(db, id, deed, ifRevision, actor, ct);
                if (turn is null) return refused!; // one of the two is there
                await using (turn) return await move(turn);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable && attempt < Tries)
            {
                // Nothing of it was written.
            }
        }
    }

    private static Task<CampaignAnswer>? Unstorable(string? text, string pointer, bool required = false) =>
        (required && string.IsNullOrWhiteSpace(text)) || text is { Length: > LongestNote } || text?.Contains('\0', StringComparison.Ordinal) == true
            ? Task.FromResult(new CampaignAnswer(CampaignAnswerStatus.Invalid) { Errors = [new(pointer, "invalid_text", $"Say why, in up to {LongestNote} characters")] })
            : null;

    private static bool IsSame(CampaignPlan one, CampaignPlan other) => JsonElement.DeepEquals(JsonElement.Parse(one.ToJson()), JsonElement.Parse(other.ToJson()));
}
