using NotificationServer.Channels;
using NotificationServer.Channels.Push;
using NotificationServer.Channels.Sms;

namespace NotificationServer.Templates.Preview;

/// What a person would get on one channel, or in <see cref="Problem"/> why they would get nothing.
internal sealed record ChannelPreview(ChannelFamily Family)
{
    public Content? Content { get; init; }
    public string? Problem { get; init; }
    /// Whose words were used; null: the default's, of which nobody said in what language they are.
    public string? Locale { get; init; }
    /// Names that the data lacks and that stand for themselves.
    public IReadOnlyList<string> MadeUp { get; init; } = [];
    /// Only of a text message that can be said.
    public SmsSegments? Sms { get; init; }
    /// Only of a push that can be said.
    public IReadOnlyList<PushSize> Push { get; init; } = [];
}
