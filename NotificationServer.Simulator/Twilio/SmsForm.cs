using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Twilio;

/// The parameters of one message, and what is wrong with them.
internal sealed partial class SmsForm(Form form, string ownNumber)
{
    private const int MaxBody = 1600;
    private const int MaxMedia = 10;

    /// Query parameters under which senders put their own id into the callback URL.
    private static readonly string[] KeyNames = ["message_id", "messageId", "message", "id"];

    public Form Form => form;
    public string? To => form["To"];
    public string? From => form["From"];
    public string? Service => form["MessagingServiceSid"];
    public string? Body => form["Body"];
    public bool Scheduled => form["ScheduleType"] == "fixed";
    public int MediaCount => form.Fields.Count(f => f.Key == "MediaUrl");

    /// The sender's id: a message carries it nowhere but in its callback.
    public string? Key
    {
        get
        {
            if (!Uri.TryCreate(form["StatusCallback"], UriKind.Absolute, out var callback)) return null;
            var query = QueryHelpers.ParseQuery(callback.Query);
            return KeyNames.Select(name => query.TryGetValue(name, out var value) ? value.ToString() : null).FirstOrDefault(v => v is not null);
        }
    }

    /// The code of the first thing wrong; null: nothing is.
    public int? Fault()
    {
        if (string.IsNullOrEmpty(To)) return 21604;
        if (!E164().IsMatch(To)) return 21211;
        if (string.IsNullOrEmpty(From) && string.IsNullOrEmpty(Service)) return 21603;
        if (From is { Length: > 0 } from && from != ownNumber) return Sender().IsMatch(from) ? 21606 : 21212;
        if (Service is { Length: > 0 } service && !ServiceSid().IsMatch(service)) return 21701;
        if (string.IsNullOrEmpty(Body) && MediaCount == 0 && form["ContentSid"] is null) return 21602;
        if (Body?.Length > MaxBody) return 21617;
        if (MediaCount > MaxMedia || form.Fields.Any(f => f.Key == "MediaUrl" && !IsWeb(f.Value))) return 21620;
        if (form["StatusCallback"] is { Length: > 0 } callback && !IsWeb(callback)) return 21609;
        return null;
    }

    private static bool IsWeb(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https");

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}$")]
    private static partial Regex E164();

    // A number, a short code or an alphanumeric sender.
    [GeneratedRegex(@"^(\+?[0-9]{3,15}|[A-Za-z0-9 ]{1,11})$")]
    private static partial Regex Sender();

    [GeneratedRegex("^MG[0-9a-f]{32}$")]
    private static partial Regex ServiceSid();
}
