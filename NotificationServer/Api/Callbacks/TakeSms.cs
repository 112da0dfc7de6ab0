using Microsoft.Extensions.Options;
using NotificationServer.Channels.Sms;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Recipients.Consents;

namespace NotificationServer.Api.Callbacks;

/// A text that somebody sent us: STOP, START, HELP, or something else. Stored before it is answered, so that a provider that heard
/// nothing says it again.
internal static class TakeSms
{
    public static void Map(RouteGroupBuilder callbacks) => callbacks.MapPost("/sms/{account}", HandleAsync).WithName(nameof(TakeSms));

    private static async Task<IResult> HandleAsync(
        SignedCall call, InboundSms inbound, IOptions<InboundSmsOptions> options, ILogger<InboundSms> log, CancellationToken ct)
    {
        var settings = options.Value;
        if (call.Text is not { } text || text.Id.Contains('\0', StringComparison.Ordinal) || !PhoneNumber.TryParse(text.From, out var from, out _))
            return Answer(call, reply: null); // a receipt, or a sender without a number: nothing to act on, and nothing to try again

        var done = await inbound.TakeAsync(
            new SmsAnswer { Provider = call.Account, Id = text.Id, From = from, Text = text.Text, Told = Told(text.Told) }, ct);
        Log.SmsTaken(log, call.Account, done.Intent.Name(), done.IsNew);
        // The provider has answered the person already: never twice.
        return Answer(call, settings.Reply && text.Told is null ? SmsReplies.For(done, settings) : null);
    }

    /// Twilio takes what to answer from the reply; Vonage only wants to know that it was heard.
    private static IResult Answer(SignedCall call, string? reply) => call.Vendor == "twilio"
        ? Results.Text(SmsReplies.TwiML(reply), "text/xml")
        : Results.Ok();

    private static SmsIntent? Told(string? word) => word?.ToUpperInvariant() switch
    {
        "STOP" => SmsIntent.OptOut,
        "START" => SmsIntent.OptIn,
        "HELP" => SmsIntent.Help,
        _ => null,
    };
}
