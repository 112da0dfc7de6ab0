using NotificationServer.Channels;

namespace NotificationServer.Admin.Pages.Providers;

/// What is to be pasted into a vendor's console, so that it tells us what became of messages.
internal sealed record CallbackPlace(string What, string Where, string Url);

internal static class CallbackPlaces
{
    public static IReadOnlyList<CallbackPlace> Of(ProviderAccount account, IConfiguration configuration)
    {
        var root = configuration["Links:PublicUrl"] is { Length: > 0 } url ? url.TrimEnd('/') : "";
        var receipts = $"{root}/in/{account.Vendor}/{Uri.EscapeDataString(account.Key)}";
        var answers = $"{root}/in/sms/{Uri.EscapeDataString(account.Key)}";
        return account.Vendor switch
        {
            "twilio" => [new("Answers of people", "Phone number or messaging service, “A message comes in”, POST", answers),
                new("Status", "Told by us with each message; here only for a messaging service with a callback of its own", receipts)],
            "vonage" => [new("Status", "Application, Messages, “Status URL”", receipts), new("Answers of people", "Application, Messages, “Inbound URL”", answers)],
            "sendgrid" => [new("Events", "Settings, Mail Settings, “Event Webhook”, signed", receipts)],
            "mailchimp" => [new("Events", "Settings, Webhooks; set the account’s webhook key beside it", receipts)],
            _ => [],
        };
    }
}
