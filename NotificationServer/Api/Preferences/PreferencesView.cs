using System.Security.Cryptography;
using System.Text;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Preferences;

/// What a person wants: by channel, and by category on a channel, where the category says more than the channel.
public sealed record PreferencesView(
    IReadOnlyList<PreferencesView.ChannelRow> Channels, IReadOnlyList<PreferencesView.CategoryRow> Categories, string Version)
{
    public sealed record ChannelRow(string Channel, bool OptIn, string Source, DateTimeOffset OccurredAt);

    public sealed record CategoryRow(string Category, string Channel, bool OptIn, string Source, DateTimeOffset OccurredAt);

    internal static PreferencesView Of(IReadOnlyList<Preference> rows) => new(
        rows.Where(r => r.Category.Length == 0).Select(r => new ChannelRow(r.Channel, r.OptIn, r.Source, r.OccurredAt)).ToArray(),
        rows.Where(r => r.Category.Length > 0).Select(r => new CategoryRow(r.Category, r.Channel, r.OptIn, r.Source, r.OccurredAt)).ToArray(),
        VersionOf(rows));

    /// A fingerprint instead of a counter, so that a row changed by anybody (an unsubscribe link, an SMS "STOP") counts too.
    internal static string VersionOf(IReadOnlyList<Preference> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append(row.Category).Append('\n').Append(row.Channel).Append('\n').Append(row.OptIn).Append('\n').Append(Rfc3339.Format(row.OccurredAt)).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
