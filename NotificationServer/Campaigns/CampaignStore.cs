using Npgsql;

namespace NotificationServer.Campaigns;

/// What is shown of all campaigns. Empty and null: whatever it is.
internal sealed record CampaignFilter
{
    public IReadOnlyList<CampaignStatus> Statuses { get; init; } = [];
    /// Part of a name.
    public string? Text { get; init; }
    /// Those only whose next run is in this time.
    public DateTimeOffset? NextFrom { get; init; }
    public DateTimeOffset? NextTo { get; init; }
    public bool? Sandbox { get; init; }
}

/// Campaigns as they are read: the latest first.
internal sealed class CampaignStore(NpgsqlDataSource db)
{
    public Task<Campaign?> FindAsync(Guid id, CancellationToken ct) => throw new NotImplementedException($"{db} {id} {ct}");

    /// Before: the id of the last one that was shown; null: from the latest on.
    public Task<IReadOnlyList<Campaign>> ListAsync(CampaignFilter filter, Guid? before, int limit, CancellationToken ct) =>
        throw new NotImplementedException($"{db} {filter} {before} {limit} {ct}");

    /// How many there are of each status, for the tabs of a list. Those with none are left out.
    public Task<IReadOnlyDictionary<CampaignStatus, int>> CountAsync(CancellationToken ct) => throw new NotImplementedException($"{db} {ct}");
}
