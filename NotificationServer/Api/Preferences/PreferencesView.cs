using System.Security.Cryptography;
using System.Text;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Preferences;

/// What a person wants: by channel, and by category on a channel, where the category says more than the channel.
public sealed record PreferencesView(
    IReadOnlyList<PreferencesView.ChannelRow> Channels, IReadOnlyList<PreferencesView.CategoryRow> Categories,
    PreferencesView.QuietHoursRow? QuietHours, string Version)
{
    public sealed record ChannelRow(string Channel, bool OptIn, string Source, DateTimeOffset OccurredAt);

    public sealed record CategoryRow(string Category, string Channel, bool OptIn, string Source, DateTimeOffset OccurredAt);

    /// On the wall clock of that zone; without one on the user's own.
    public sealed record QuietHoursRow(string From, string To, string? TimeZone);

    internal static PreferencesView Of(StoredPreferences stored) => new(
        stored.Wishes.Where(r => r.Category.Length == 0).Select(r => new ChannelRow(r.Channel, r.OptIn, r.Source, r.OccurredAt)).ToArray(),
        stored.Wishes.Where(r => r.Category.Length > 0).Select(r => new CategoryRow(r.Category, r.Channel, r.OptIn, r.Source, r.OccurredAt)).ToArray(),
        stored.Quiet is { } quiet ? new QuietHoursRow(QuietHoursBody.Format(quiet.From), QuietHoursBody.Format(quiet.To), quiet.TimeZone) : null,
        VersionOf(stored));

    /// A fingerprint instead of a counter, so that a row changed by anybody (an unsubscribe link, an SMS "STOP") counts too.
    internal static string VersionOf(StoredPreferences stored)
    {
        var text = new StringBuilder();
        foreach (var row in stored.Wishes)
            text.Append(row.Category).Append('\n').Append(row.Channel).Append('\n').Append(row.OptIn).Append('\n').Append(Rfc3339.Format(row.OccurredAt)).Append('\n');
        if (stored.Quiet is { } quiet)
            text.Append(QuietHoursBody.Format(quiet.From)).Append(QuietHoursBody.Format(quiet.To)).Append(quiet.TimeZone);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
