using System.ComponentModel.DataAnnotations;
using NotificationServer.Channels.Email.Smtp;

namespace NotificationServer.Watch;

/// Somewhere that people are told: a webhook that takes `{"text": "..."}` as Slack's do, or mailboxes.
internal sealed class AlertChannel
{
    /// The address is a secret: whoever has it can write there.
    public string? Webhook { get; init; }

    /// The file that holds it, instead.
    public string? WebhookFile { get; init; }

    public IReadOnlyList<string> Email { get; init; } = [];

    public string? Url => Webhook is { Length: > 0 } ? Webhook : WebhookFile is { Length: > 0 } file && File.Exists(file) ? File.ReadAllText(file).Trim() : null;
}

/// Who is told of alerts, and how soon.
internal sealed class AlertsOptions : IValidatableObject
{
    public const string Section = "Alerts";

    /// By name: `Alerts__Channels__ops__Webhook=https://hooks.slack.com/services/...`, `Alerts__Channels__oncall__Email__0=oncall@example.org`.
    public IReadOnlyDictionary<string, AlertChannel> Channels { get; init; } = new Dictionary<string, AlertChannel>();

    /// How often somebody looks.
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")] public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// How often somebody looks whom to tell.
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")] public TimeSpan TellEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// What has not been seen for so long is over. Shorter, and what comes and goes is told each time.
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan ClearAfter { get; init; } = TimeSpan.FromSeconds(45);

    /// A mail that our own queue has not sent after this long goes out through the mail server of <see cref="Smtp"/>.
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan FallbackAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// Given up after this long of trying.
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")] public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// With the database away for this long, every node that keeps house tells so by itself.
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan DatabaseAwayFor { get; init; } = TimeSpan.FromSeconds(30);

    /// A mail server besides our own accounts, for when it is they that do not work.
    public SmtpOptions Smtp { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, channel) in Channels)
        {
            if (name.Length > 50 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) yield return new($"{Section}:{nameof(Channels)}:{name}: use letters, digits, - and _");
            if (channel.WebhookFile is { Length: > 0 } file && !File.Exists(file)) yield return new($"{Section}:{nameof(Channels)}:{name}:{nameof(AlertChannel.WebhookFile)}: there is no such file");
            else if (channel.Url is null == (channel.Email.Count == 0)) yield return new($"{Section}:{nameof(Channels)}:{name} has either a {nameof(AlertChannel.Webhook)} or an {nameof(AlertChannel.Email)}");
            if (channel.Email.FirstOrDefault(address => MailPath.Of(address) is null) is { } wrong) yield return new($"{Section}:{nameof(Channels)}:{name}: {wrong} is no mail address");
        }
        foreach (var problem in Smtp.Validate(validationContext))
            yield return new($"{Section}:{nameof(Smtp)}: {problem.ErrorMessage}");
    }
}
