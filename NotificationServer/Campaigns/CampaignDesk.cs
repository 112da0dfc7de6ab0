using Npgsql;

namespace NotificationServer.Campaigns;

/// Everything that people do to campaigns, from the admin app and over REST alike: who may, in which state, and what is written down of it.
/// IfRevision: what they saw when they decided; null: whatever it is now.
internal sealed class CampaignDesk(NpgsqlDataSource db)
{
    public Task<CampaignAnswer> CreateAsync(CampaignDraft draft, string actor, CancellationToken ct) => Later(draft, actor, ct);

    /// Of a draft, or of what waits: that becomes a draft again, to be agreed to anew.
    public Task<CampaignAnswer> EditAsync(Guid id, int? ifRevision, CampaignDraft draft, string actor, CancellationToken ct) => Later(id, ifRevision, draft, actor, ct);

    public Task<CampaignAnswer> SubmitAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) => Later(id, ifRevision, actor, ct);

    public Task<CampaignAnswer> ApproveAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) => Later(id, ifRevision, actor, ct);

    public Task<CampaignAnswer> RejectAsync(Guid id, int? ifRevision, string note, string actor, CancellationToken ct) => Later(id, ifRevision, note, actor, ct);

    public Task<CampaignAnswer> LaunchAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) => Later(id, ifRevision, actor, ct);

    public Task<CampaignAnswer> PauseAsync(Guid id, string? reason, string actor, CancellationToken ct) => Later(id, reason, actor, ct);

    public Task<CampaignAnswer> ResumeAsync(Guid id, string actor, CancellationToken ct) => Later(id, actor, ct);

    public Task<CampaignAnswer> CancelAsync(Guid id, string? reason, string actor, CancellationToken ct) => Later(id, reason, actor, ct);

    /// People a minute, of the run that goes on; null: as fast as the queue takes them.
    public Task<CampaignAnswer> ThrottleAsync(Guid id, int? perMinute, string actor, CancellationToken ct) => Later(id, perMinute, actor, ct);

    /// A new draft that is equal to it but for its name.
    public Task<CampaignAnswer> CloneAsync(Guid id, string actor, CancellationToken ct) => Later(id, actor, ct);

    /// Drafts that never went out only.
    public Task<CampaignAnswer> DeleteAsync(Guid id, int? ifRevision, string actor, CancellationToken ct) => Later(id, ifRevision, actor, ct);

    private Task<CampaignAnswer> Later(params object?[] asked) => throw new NotImplementedException($"{db} {asked.Length}");
}
