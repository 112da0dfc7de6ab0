using System.Text.Json;
using NotificationServer.Channels;

namespace NotificationServer.Templates;

/// What is said, in the words of each family: push has title, body and data, SMS has text, mail has subject, text and html.
/// A caller's own `content` and a rendered template have this one shape.
internal sealed record Content(
    string? Title = null, string? Body = null, JsonElement? Data = null, string? Subject = null, string? Text = null, string? Html = null)
{
    public bool CanSay(ChannelFamily family) => family switch
    {
        ChannelFamily.Push => Says(Title) || Says(Body) || Data is not null,
        ChannelFamily.Sms => Says(Text),
        ChannelFamily.Email => Says(Subject) && (Says(Text) || Says(Html)),
    };

    private static bool Says(string? words) => !string.IsNullOrWhiteSpace(words);
}
