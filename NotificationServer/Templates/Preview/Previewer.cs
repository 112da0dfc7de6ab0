using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Channels.Push;
using NotificationServer.Channels.Sms;

namespace NotificationServer.Templates.Preview;

/// For whom a preview is made. Data null: the sample, with names where it has gaps.
internal sealed record Viewer(JsonElement? Data = null, string? Locale = null, string? TimeZone = null)
{
    /// Whose profile the words speak of. Null: an example, with names for what is not known of everybody.
    public PersonValues? Person { get; init; }
}

/// Says the words as the send would, with the same code, and sends nothing.
internal sealed class Previewer(TimeProvider clock)
{
    public IReadOnlyList<ChannelPreview> Of(Draft draft, Viewer viewer, params IReadOnlyCollection<ChannelFamily> families)
    {
        var wording = new Wording(draft.Parts, draft.Partials);
        return [.. (families.Count > 0 ? families : Enum.GetValues<ChannelFamily>()).Where(wording.CanSay).Select(family => Of(draft, wording, viewer, family))];
    }

    private ChannelPreview Of(Draft draft, Wording wording, Viewer viewer, ChannelFamily family)
    {
        var (data, madeUp) = StandIns.Fill(viewer.Data ?? draft.Sample, wording.Variables(family, viewer.Locale)
            .Where(variable => PersonVariables.Contains(variable.Path) ? viewer.Person is null : viewer.Data is null));
        var setting = new RenderSetting(viewer.Locale, viewer.TimeZone, LinkVariables.Examples) { Person = viewer.Person ?? PersonValues.Example };
        var said = new Template("preview", 0, null, wording, clock).Render(family, data, setting);
        var preview = new ChannelPreview(family) { Content = said.Content, Problem = said.ErrorMessage, Locale = said.Locale, MadeUp = madeUp };
        return said.Content is not { } content ? preview : family switch
        {
            ChannelFamily.Push => preview with { Push = PushSizes.Of(content.Title, content.Body, content.Data) },
            ChannelFamily.Sms => preview with { Sms = SmsSegments.Of(content.Text ?? "") },
            ChannelFamily.Email => preview,
        };
    }
}
