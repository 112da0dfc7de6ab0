using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Email.SendGrid;

internal sealed class SendGridOptions : VendorOptions
{
    public const string Section = "Channels:SendGrid";

    [Required] public Uri BaseAddress { get; init; } = new("https://api.sendgrid.com");
    [Secret] public string? ApiKey { get; init; }
    /// The sender of messages that name none.
    public string? From { get; init; }
    public string? FromName { get; init; }
    /// The key of this account's signed event webhook (base64, no PEM lines); null: Channels:Callbacks:SendGridPublicKey.
    public string? WebhookPublicKey { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings => [new(nameof(ApiKey), ApiKey), new(nameof(From), From)];
}
