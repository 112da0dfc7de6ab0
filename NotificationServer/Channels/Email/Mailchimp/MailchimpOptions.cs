using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Email.Mailchimp;

/// Mailchimp Transactional, once called Mandrill.
internal sealed class MailchimpOptions : VendorOptions
{
    public const string Section = "Channels:Mailchimp";

    [Required] public Uri BaseAddress { get; init; } = new("https://mandrillapp.com");
    [Secret] public string? ApiKey { get; init; }
    /// The sender of messages that name none.
    public string? From { get; init; }
    public string? FromName { get; init; }
    /// The key that is shown beside this account's webhook; null: Channels:Callbacks:MailchimpKey.
    [Secret] public string? WebhookKey { get; init; }
    public string? Subaccount { get; init; }
    /// Off unless asked: the first puts a picture into every mail, the second rewrites every link.
    public bool TrackOpens { get; init; }
    public bool TrackClicks { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings => [new(nameof(ApiKey), ApiKey), new(nameof(From), From)];
}
