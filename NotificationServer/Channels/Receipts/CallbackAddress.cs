using Microsoft.Extensions.Options;

namespace NotificationServer.Channels.Receipts;

/// Where providers reach us with what became of a message. Our id goes along in the query, which is the one thing that comes back
/// whatever happens: Twilio's own id is known to us only when it has answered.
internal sealed class CallbackAddress(IConfiguration configuration, IOptions<CallbackOptions> options)
{
    public const string MessageId = "message_id";

    private readonly string? publicUrl = configuration["Links:PublicUrl"] is { Length: > 0 } url ? url.TrimEnd('/') : null;

    /// Null as below. Our id comes back as the reference that went along.
    public string? ForVonage(string account) => publicUrl is not null && options.Value.VonageStatus ? $"{publicUrl}/in/vonage/{Uri.EscapeDataString(account)}" : null;

    /// Null: nobody said where we are reached, or such calls are not wanted.
    public string? ForTwilio(string account, Guid message) => publicUrl is not null && options.Value.TwilioStatus
        ? $"{publicUrl}/in/twilio/{Uri.EscapeDataString(account)}?{MessageId}={message:N}" : null;
}
