namespace NotificationServer.Channels;

internal sealed class ChannelsOptions
{
    public const string Section = "Channels";

    /// PEM file of roots that are trusted beside the system's (a private CA, the simulator's). Verification is never off.
    public string? TrustedRootsFile { get; init; }

    /// How long one call of a provider may take. It bounds the send in flight, whatever else stops.
    public TimeSpan PushDeadline { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan SmsDeadline { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan EmailDeadline { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan DeadlineOf(Channel channel) => channel.Family() switch
    {
        ChannelFamily.Push => PushDeadline,
        ChannelFamily.Sms => SmsDeadline,
        ChannelFamily.Email => EmailDeadline,
    };
}
