using System.Globalization;
using NotificationServer.Delivery.Gates;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Monitor;

/// What an operator wants to know of a provider account: may it be called, how fast is it called, how do its calls go.
internal sealed record AccountState(string Key, string Vendor, IReadOnlyList<string> Channels)
{
    public bool Enabled { get; init; } = true;
    /// Why it cannot be used on this node.
    public string? Problem { get; init; }
    public GateRow? Gate { get; init; }
    public QueueSwitch? Held { get; init; }
    /// Of all nodes that are alive, in the last half minute.
    public long Calls { get; init; }
    public long Failed { get; init; }
    public double CallsPerSecond { get; init; }
    public int? RatePerSecond { get; init; }
    /// Where it has a limit.
    public long? CallsToday { get; init; }
    public long? MostToday { get; init; }

    /// A wait of seconds is everyday business between a provider and its callers.
    private static readonly TimeSpan Worth = TimeSpan.FromMinutes(1);

    public double? FailureShare => Calls == 0 ? null : (double)Failed / Calls;

    public string State(DateTimeOffset now) => this switch
    {
        { Held: not null } => "paused",
        { Enabled: false } => "switched off",
        { Problem: not null } => "unusable",
        { Gate.Breaker: GateRow.HalfOpen } => "finding out",
        { Gate.Breaker: GateRow.Open } => "left alone",
        _ when Gate?.NotBefore > now => "asked to wait",
        _ => "works",
    };

    /// Nothing goes through it, and not just for a moment.
    public bool IsShut(DateTimeOffset now) => State(now) switch
    {
        "works" => false,
        "asked to wait" => Gate!.NotBefore - now > Worth, // that is what the word says
        _ => true,
    };

    public DateTimeOffset? Since(DateTimeOffset now) => State(now) switch
    {
        "paused" => Held!.ChangedAt, // that is what the word says
        "finding out" or "left alone" => Gate?.OpenedAt,
        "asked to wait" => Gate?.UpdatedAt,
        _ => null,
    };

    /// "Twilio has refused our credentials": as a sentence would go on with "since".
    public string Why(DateTimeOffset now) => State(now) switch
    {
        "paused" => $"{Name} is paused",
        "switched off" => $"{Name} is switched off",
        "unusable" => $"{Name} cannot be used",
        "asked to wait" => $"{Name} has asked us to wait until {Clock(Gate!.NotBefore!.Value)}", // that is what the word says
        "works" => $"{Name} works",
        _ => Because(Gate?.Reason ?? ""),
    };

    public string Name => Key == Vendor ? VendorName(Vendor) : Key;

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string VendorName(string vendor) => vendor switch
    {
        "twilio" => "Twilio",
        "vonage" => "Vonage",
        "sendgrid" => "SendGrid",
        "mailchimp" => "Mailchimp",
        "smtp" => "The mail server",
        "apns" => "APNs",
        "fcm" => "FCM",
        "jpush" => "JPush",
        "pushy" => "Pushy",
        "webpush" => "Web push",
        _ => vendor,
    };

    // The reasons are those that the gates are closed with (CallWindow, ProviderGates, Drill).
    private string Because(string reason) => reason switch
    {
        _ when reason.StartsWith("misconfigured", StringComparison.Ordinal) => $"{Name} has refused our credentials",
        _ when reason.StartsWith("drill", StringComparison.Ordinal) => $"{Name} has been closed for a drill",
        _ when reason.Contains("without an answer", StringComparison.Ordinal) => $"{Name} has not answered",
        _ when reason.Contains("calls failed", StringComparison.Ordinal) => $"most calls to {Name} have failed",
        _ when reason.StartsWith("asked to wait", StringComparison.Ordinal) => $"{Name} has asked us to wait",
        _ => $"{Name} has failed",
    };
}
