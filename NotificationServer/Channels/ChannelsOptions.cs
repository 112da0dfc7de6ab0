using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels;

internal sealed class ChannelsOptions : IValidatableObject
{
    public const string Section = "Channels";

    private const string Shortest = "00:00:00.1";
    private const string Longest = "00:01:00";

    /// PEM file of roots that are trusted beside the system's (a private CA, the simulator's). Verification is never off.
    public string? TrustedRootsFile { get; init; }

    /// How long one call of a provider may take. It bounds the send in flight, whatever else stops.
    [Range(typeof(TimeSpan), Shortest, Longest)] public TimeSpan PushDeadline { get; init; } = TimeSpan.FromSeconds(10);
    [Range(typeof(TimeSpan), Shortest, Longest)] public TimeSpan SmsDeadline { get; init; } = TimeSpan.FromSeconds(10);
    [Range(typeof(TimeSpan), Shortest, Longest)] public TimeSpan EmailDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// How old a node's picture of the accounts and routing rules may be.
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:01.5")] public TimeSpan AccountsRefresh { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan DeadlineOf(Channel channel) => channel.Family() switch
    {
        ChannelFamily.Push => PushDeadline,
        ChannelFamily.Sms => SmsDeadline,
        ChannelFamily.Email => EmailDeadline,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(TrustedRootsFile) && !File.Exists(TrustedRootsFile))
            yield return new($"{Section}:{nameof(TrustedRootsFile)}: there is no such file");
    }
}
