using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Pages;

namespace NotificationServer.Tracking.Choices;

/// `/p/{token}`: what a person gets, and by which way. Shown by GET, changed by POST, and the answer says what changed and can undo it.
internal static class PreferencePage
{
    private const int MostFields = 500;

    public static void Map(RouteGroupBuilder page)
    {
        page.MapGet("", GetAsync);
        page.MapPost("", PostAsync);
    }

    private static async Task GetAsync(HttpContext http, LinkHolder holder, ChoiceReader reader, PersonalPage page, CancellationToken ct)
    {
        var (choices, texts) = await ReadAsync(http, holder.Link, reader, ct);
        await page.ShowAsync(http, StatusCodes.Status200OK, texts, texts.Title, ChoiceView.Of(http, texts, choices, null));
    }

    private static async Task PostAsync(HttpContext http, LinkHolder holder, ChoiceReader reader, ConsentStore consents, PersonalPage page, CancellationToken ct)
    {
        var (before, texts) = await ReadAsync(http, holder.Link, reader, ct);
        if (await PostedForm.ReadAsync(http, MostFields, ct) is not { } form)
        {
            await page.ShowAsync(http, StatusCodes.Status400BadRequest, texts, texts.NotUnderstoodTitle,
                $"""<h1>{texts.NotUnderstoodTitle}</h1><p class="lead">{texts.NotUnderstoodSay}</p>""");
            return;
        }

        var words = before.WordsFor(Wished(form, before));
        if (words.Count > 0)
        {
            await consents.SayAsync(holder.Link, words, new Said
            {
                Source = "preference_page", TextVersion = $"{Texts.Version}/{texts.Code}", Ip = http.Connection.RemoteIpAddress,
            }, ct);
        }
        var (after, _) = await ReadAsync(http, holder.Link, reader, ct);
        await page.ShowAsync(http, StatusCodes.Status200OK, texts, texts.Title, ChoiceView.Of(http, texts, after, before));
    }

    private static async Task<(PersonalChoices, Texts)> ReadAsync(HttpContext http, PersonalLink link, ChoiceReader reader, CancellationToken ct)
    {
        var texts = Texts.Of(http, link.Locale);
        var choices = await reader.ReadAsync(link, texts.Code, ct);
        // The person's own language of today outweighs that of the day on which the link was made.
        return link.Locale is null && Texts.Of(http, choices.Locale) is var own && own != texts
            ? (await reader.ReadAsync(link, own.Code, ct), own) : (choices, texts);
    }

    /// A switch that is off is not in the form, so the form names all that it showed: a kind of message that is new since then is not taken for a no.
    private static Dictionary<string, bool> Wished(IFormCollection form, PersonalChoices now)
    {
        var wished = new Dictionary<string, bool>(StringComparer.Ordinal);
        switch (form["do"].ToString())
        {
            case "undo":
                foreach (var key in form["on"]) if (key is not null) wished[key] = true;
                foreach (var key in form["off"]) if (key is not null) wished[key] = false;
                break;
            case "no-marketing":
                foreach (var choice in now.Rows.Where(row => row.IsMarketing).SelectMany(row => row.Choices)) wished[choice.Key] = false;
                break;
            default:
                var on = form["on"].ToHashSet();
                foreach (var key in form["shown"]) if (key is not null) wished[key] = on.Contains(key);
                break;
        }
        return wished;
    }
}
