using System.ComponentModel;
using NotificationServer.Platform;
using NotificationServer.Recipients.Consents;

namespace NotificationServer.Api.Consents;

/// One yes or no of a person, as it was written down.
public sealed record ConsentView(
    string Id, string Channel, [property: Description("Null: all categories")] string? Category, bool OptIn, string Source,
    [property: Description("Who wrote it down; null: the person")] string? Actor, string? TextVersion, string? Ip, DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt, [property: Description("The hash of the row before; null: this is the first")] string? PreviousHash, string Hash)
{
    internal const string Prefix = "con";

    internal static ConsentView Of(Consent row) => new(
        PrefixedId.Format(Prefix, row.Id), row.Channel, row.Category.Length == 0 ? null : row.Category, row.OptIn, row.Source, row.Actor, row.TextVersion, row.Ip,
        row.OccurredAt, row.RecordedAt, row.PreviousHash is null ? null : Convert.ToHexStringLower(row.PreviousHash), Convert.ToHexStringLower(row.Hash));
}
