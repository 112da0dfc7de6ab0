using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Push.Pushy;

internal sealed class PushyOptions : VendorOptions
{
    public const string Section = "Channels:Pushy";

    [Required] public Uri BaseAddress { get; init; } = new("https://api.pushy.me");
    [Secret] public string? ApiKey { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings => [new(nameof(ApiKey), ApiKey)];
}
