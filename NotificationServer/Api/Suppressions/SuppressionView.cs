using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Api.Suppressions;

/// A suppressed address as callers see one: masked, unless they named it themselves or may see it. Without a category everything is kept from it.
public sealed record SuppressionView(
    string Address, string Channel, string? Category, string Reason, string? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    internal static SuppressionView Of(Suppression row, bool revealed) => new(
        revealed ? row.Address : Masked.Any(row.Address), row.Channel, row.Category.Length == 0 ? null : row.Category, row.Reason, row.CreatedBy,
        row.CreatedAt, row.ExpiresAt);
}

/// Addresses in the form in which they are compared; which form depends on the channel.
internal static class SuppressedAddress
{
    private const int MaxToken = 4096;

    public static bool TryParse(string channel, string text, out string address, out string code)
    {
        switch (channel)
        {
            case "email":
                return EmailAddress.TryParse(text, out address, out code);
            case "sms":
                return PhoneNumber.TryParse(text, out address, out code);
            default:
                (address, code) = (text, "invalid_token");
                return text.Length is > 0 and <= MaxToken && !text.Any(char.IsControl);
        }
    }

    public static bool IsChannel(string channel) => ChannelNames.Expand(channel).Count > 0;
}
