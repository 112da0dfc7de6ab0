using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Api.Operations;

/// Work on many messages. `total` matched when it was asked for; `refused` were accepted by a provider already, `skipped` were
/// dealt with by somebody else in the meantime; `failed` is the sum of these two. Of an undo, `undoes` is what it takes back and `skipped`
/// were on their way already; `undone_by` is what takes this one back.
public sealed record OperationView(
    string Id, string Type, string Status, int Total, int Done, int Failed, int Refused, int Skipped, int? RatePerSecond, string Reason,
    string RequestedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt, string? Warning, string? ErrorsUrl)
{
    public string? Undoes { get; init; }

    public string? UndoneBy { get; init; }

    internal static OperationView Of(Operation one) => new(
        PrefixedId.Format("op", one.Id), one.Type, one.Status, one.Total, one.Done, one.Refused + one.Skipped, one.Refused, one.Skipped, one.Rate,
        one.Reason, one.RequestedBy, one.CreatedAt, one.UpdatedAt, one.FinishedAt,
        one.Refused == 0 ? null : $"{one.Refused} were accepted by a provider before they failed and are not sent again",
        ErrorsUrl: null)
    {
        Undoes = one.Undoes is { } undoes ? PrefixedId.Format("op", undoes) : null,
        UndoneBy = one.UndoneBy is { } undo ? PrefixedId.Format("op", undo) : null,
    };

    /// `total`: the good rows; `failed`: the others.
    internal static OperationView Of(Import one)
    {
        var id = PrefixedId.Format("op", one.Id);
        return new OperationView(
            id, one.DryRun ? "check_users" : "import_users", one.Status, one.RowsRead - one.RowsBad, one.Done, one.RowsBad, 0, 0, null,
            one.SkipInvalid ? "The good rows of a file" : "A file, whole or not at all", one.RequestedBy, one.CreatedAt, one.UpdatedAt, one.FinishedAt,
            null, one.Problems > 0 ? $"/v1/imports/{id}/errors" : null);
    }
}
