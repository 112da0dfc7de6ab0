using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Push.Apns;

internal sealed class ApnsOptions : VendorOptions
{
    public const string Section = "Channels:Apns";

    /// https://api.sandbox.push.apple.com for development builds of the app.
    [Required] public Uri BaseAddress { get; init; } = new("https://api.push.apple.com");
    public string? KeyId { get; init; }
    public string? TeamId { get; init; }
    /// The .p8 file of the key (PKCS#8 PEM).
    public string? PrivateKeyFile { get; init; }
    /// The app's bundle id; a device that names its own app id overrides it.
    public string? Topic { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings =>
        [new(nameof(KeyId), KeyId), new(nameof(TeamId), TeamId), new(nameof(PrivateKeyFile), PrivateKeyFile, IsFile: true), new(nameof(Topic), Topic)];
}
