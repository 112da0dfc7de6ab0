using System.ComponentModel.DataAnnotations;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Example;

internal sealed class PostbirdOptions : VendorOptions
{
    public const string Section = "Channels:Postbird";

    [Required] public Uri BaseAddress { get; init; } = new("https://api.postbird.example");
    [Secret] public string? ApiKey { get; init; }
    /// The name that people see as the sender.
    public string? From { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings => [new(nameof(ApiKey), ApiKey), new(nameof(From), From)];
}
