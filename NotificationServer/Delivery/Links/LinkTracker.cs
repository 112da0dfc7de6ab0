using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Links;
using NotificationServer.Templates;

namespace NotificationServer.Delivery.Links;

/// Makes the links and the pixel of a rendered message tell that they were used, where that is wanted. Where it is not, words are handed on as they are.
internal sealed class LinkTracker(
    TrackingSwitches switches, TrackedLinks links, ShortLinks shortLinks, IOptions<LinkTrackingOptions> options, ILogger<LinkTracker> log)
{
    private readonly string? shortBase = options.Value.ShortHost?.AbsoluteUri.TrimEnd('/');
    private int said;

    public async ValueTask<Content> ApplyAsync(Brief brief, Content content, CancellationToken ct)
    {
        var family = brief.Channel.Family();
        if (family == ChannelFamily.Push) return content;
        var own = brief.Template is { } template ? await switches.FindAsync(template, options.Value.SwitchesMaxAge, ct) : default;
        // A sign-in code is nobody's business but its reader's, unless its template says otherwise.
        var byDefault = brief.Category.Class != MessageClass.Critical;
        var (opens, clicks) = (own.Opens ?? (byDefault && options.Value.Opens), own.Clicks ?? (byDefault && options.Value.Clicks));
        if (!opens && !clicks) return content;
        if (links.Base is not { } at)
        {
            if (Interlocked.Exchange(ref said, 1) == 0) Log.NotTracked(log);
            return content;
        }
        return family == ChannelFamily.Email ? Mail(brief, content, at, opens, clicks) : clicks ? await TextAsync(brief, content, at, ct) : content;
    }

    private Content Mail(Brief brief, Content content, string at, bool opens, bool clicks)
    {
        var (id, marks) = (brief.Job.Id, opens ? ClickMarks.ProvesOpen : ClickMarks.None);
        string? Other(string url) => IsTrackable(url, at) ? $"{at}/c/{links.ClickToken(id, url, marks)}" : null;
        var extra = (clicks && options.Value.Trap ? Trap(at, id) : "") + (opens ? Pixel(at, id) : "");
        return content with
        {
            Html = content.Html is null ? null : HtmlLinks.Rewrite(content.Html, clicks ? Other : null, extra.Length > 0 ? extra : null),
            Text = content.Text is null || !clicks || !options.Value.TextLinks ? content.Text : TextLinks.Rewrite(content.Text, Other),
        };
    }

    private async ValueTask<Content> TextAsync(Brief brief, Content content, string at, CancellationToken ct)
    {
        if (shortBase is null || content.Text is null) return content;
        var destinations = TextLinks.In(content.Text).Where(url => IsTrackable(url, at) && !url.StartsWith(shortBase + "/", StringComparison.OrdinalIgnoreCase)).ToList();
        if (destinations.Count == 0) return content;
        var tokens = await shortLinks.MakeAsync(brief.Job.Id, destinations, ct);
        return content with { Text = TextLinks.Rewrite(content.Text, url => tokens.TryGetValue(url, out var token) ? $"{shortBase}/{token}" : null) };
    }

    /// Our own links are the person's way out and their choices: they are counted as what they are.
    private static bool IsTrackable(string url, string at) => TrackedLinks.CanLeadTo(url)
        && !(url.StartsWith(at, StringComparison.OrdinalIgnoreCase) && url.Length > at.Length + 2 && url[at.Length] == '/' && url[at.Length + 2] == '/' && url[at.Length + 1] is 'u' or 'p' or 'c' or 'o');

    private string Pixel(string at, Guid id) =>
        $"""<img src="{at}/o/{links.PixelToken(id)}.gif" width="1" height="1" alt="" style="display:block;border:0;width:1px;height:1px">""";

    private string Trap(string at, Guid id) =>
        $"""<a href="{at}/c/{links.ClickToken(id, at + "/", ClickMarks.Trap)}" tabindex="-1" aria-hidden="true" style="display:none"></a>""";
}
