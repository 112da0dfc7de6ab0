using NotificationServer.Channels.Receipts;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Choices;
using NotificationServer.Tracking.Engagement;
using NotificationServer.Tracking.Pages;

namespace NotificationServer.Tracking.Unsubscribe;

/// `/u/{token}`. RFC 8058: a mail program posts `List-Unsubscribe=One-Click` and the person is out before the answer leaves: no sign-in, no
/// cookie, no redirect, no second click, and again is harmless. Opened by GET, as scanners do with every link, it shows a button and changes nothing.
internal static class OneClick
{
    private const int MostFields = 20;

    public static void Map(RouteGroupBuilder page)
    {
        page.MapGet("", AskAsync);
        page.MapPost("", PostAsync);
    }

    private static async Task AskAsync(HttpContext http, LinkHolder holder, ChoiceReader reader, PersonalPage page, PersonalLinks links, CancellationToken ct)
    {
        var (texts, row, isOn) = await ReadAsync(http, holder.Link, reader, ct);
        await page.ShowAsync(http, StatusCodes.Status200OK, texts, texts.UnsubscribeTitle,
            isOn ? UnsubscribeView.Ask(http, texts, row, holder.Link, links) : UnsubscribeView.Already(http, texts, row, holder.Link, links));
    }

    private static async Task PostAsync(
        HttpContext http, LinkHolder holder, ConsentStore consents, ChoiceReader reader, PersonalPage page, PersonalLinks links,
        EngagementIntake intake, TimeProvider clock, CancellationToken ct)
    {
        var form = await PostedForm.ReadAsync(http, MostFields, ct);
        bool? optIn = form switch
        {
            not null when form["List-Unsubscribe"] == "One-Click" => false,
            not null when form["do"] == "unsubscribe" => false,
            not null when form["do"] == "resubscribe" => true,
            _ => null,
        };
        var texts = Texts.Of(http, holder.Link.Locale);
        if (optIn is not { } wish)
        {
            await page.ShowAsync(http, StatusCodes.Status400BadRequest, texts, texts.NotUnderstoodTitle,
                $"""<h1>{texts.NotUnderstoodTitle}</h1><p class="lead">{texts.NotUnderstoodSay}</p>""");
            return;
        }

        var link = holder.Link;
        await consents.SayAsync(link, wish ? await BackAsync(link, reader, texts, ct) : [new Word(link.Channel, link.Category, false)], new Said
        {
            Source = form!.ContainsKey("List-Unsubscribe") ? "one_click" : "unsubscribe_link", // not null: the wish was read from it
            TextVersion = form.ContainsKey("List-Unsubscribe") ? null : $"{Texts.Version}/{texts.Code}", Ip = http.Connection.RemoteIpAddress,
        }, ct);
        if (!wish && link.MessageId is { } message) intake.Take(new Sign(message, EngagementKind.Unsubscribed, Engager.Human, clock.GetUtcNow()));
        // Committed. Dies the process here, the person is out, and the mail program posts again.
        var (_, row, _) = await ReadAsync(http, link, reader, ct);
        await page.ShowAsync(http, StatusCodes.Status200OK, texts, wish ? texts.Resubscribed : texts.Unsubscribed,
            wish ? UnsubscribeView.Back(http, texts, row, link, links) : UnsubscribeView.Done(http, texts, row, link, links));
    }

    /// Out needs one word; back in, the channel as a whole may have to be opened too.
    private static async Task<IReadOnlyCollection<Word>> BackAsync(PersonalLink link, ChoiceReader reader, Texts texts, CancellationToken ct) =>
        (await reader.ReadAsync(link, texts.Code, ct)).WordsFor(new Dictionary<string, bool> { [new Choice(link.Category, link.Channel, true).Key] = true });

    private static async Task<(Texts, ChoiceRow?, bool IsOn)> ReadAsync(HttpContext http, PersonalLink link, ChoiceReader reader, CancellationToken ct)
    {
        var texts = Texts.Of(http, link.Locale);
        var choices = await reader.ReadAsync(link, texts.Code, ct);
        var row = choices.Rows.FirstOrDefault(one => one.Category == link.Category);
        return (texts, row, row?.Choices.FirstOrDefault(choice => choice.Channel == link.Channel)?.IsOn ?? true);
    }
}
