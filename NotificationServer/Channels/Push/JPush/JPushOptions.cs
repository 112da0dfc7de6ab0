using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Push.JPush;

internal sealed class JPushOptions : VendorOptions
{
    public const string Section = "Channels:JPush";

    /// https://bjapi.push.jiguang.cn for apps that were placed in the Beijing region.
    [Required] public Uri BaseAddress { get; init; } = new("https://api.jpush.cn");
    public string? AppKey { get; init; }
    [Secret] public string? MasterSecret { get; init; }
    /// Which of Apple's environments the app's iPhones are in. Always told: JPush and its SDKs disagree on the default.
    public bool ApnsProduction { get; init; } = true;
    /// Most bytes of the Android notification. JPush has changed its figures before.
    [Range(256, 65536)] public int MaxAndroidBytes { get; init; } = 4000;
    /// Most bytes of the iOS notification.
    [Range(256, 65536)] public int MaxIosBytes { get; init; } = 2000;
    /// How long JPush keeps a message for a device that is off: three days at most, ten for VIP accounts.
    [Range(typeof(TimeSpan), "00:00:01", "10.00:00:00")] public TimeSpan LongestLife { get; init; } = TimeSpan.FromDays(3);

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings => [new(nameof(AppKey), AppKey), new(nameof(MasterSecret), MasterSecret)];
}
