using NotificationServer.Channels;

namespace NotificationServer.Recipients.Addresses;

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
