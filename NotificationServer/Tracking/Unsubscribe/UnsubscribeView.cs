using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Choices;
using NotificationServer.Tracking.Pages;

namespace NotificationServer.Tracking.Unsubscribe;

internal static class UnsubscribeView
{
    public static Markup Ask(HttpContext http, Texts texts, ChoiceRow? row, PersonalLink link, PersonalLinks links) => $"""
        <h1>{texts.UnsubscribeTitle}</h1>
        <p class="lead">{Said(texts.UnsubscribeAsk, texts, row, link)}</p>
        {Button(http, texts, "unsubscribe", texts.Unsubscribe, isPrimary: true)}
        {Choose(texts, link, links)}
        """;

    public static Markup Done(HttpContext http, Texts texts, ChoiceRow? row, PersonalLink link, PersonalLinks links) => $"""
        <h1 class="done">{Check}{texts.Unsubscribed}</h1>
        <p class="lead" role="status">{Said(texts.UnsubscribedSay, texts, row, link)}</p>
        {Button(http, texts, "resubscribe", texts.Undo, isPrimary: false)}
        {Choose(texts, link, links)}
        """;

    public static Markup Back(HttpContext http, Texts texts, ChoiceRow? row, PersonalLink link, PersonalLinks links) => $"""
        <h1 class="done">{Check}{texts.Resubscribed}</h1>
        <p class="lead" role="status">{Said(texts.ResubscribedSay, texts, row, link)}</p>
        {Button(http, texts, "unsubscribe", texts.Undo, isPrimary: false)}
        {Choose(texts, link, links)}
        """;

    public static Markup Already(HttpContext http, Texts texts, ChoiceRow? row, PersonalLink link, PersonalLinks links) => $"""
        <h1 class="done">{Check}{texts.Unsubscribed}</h1>
        <p class="lead">{Said(texts.AlreadyUnsubscribed, texts, row, link)}</p>
        {Button(http, texts, "resubscribe", texts.Resubscribe, isPrimary: false)}
        {Choose(texts, link, links)}
        """;

    private static Markup Button(HttpContext http, Texts texts, string deed, string label, bool isPrimary) => $"""
        <form method="post" action="{http.Request.PathBase}{http.Request.Path.ToUriComponent()}{(http.Request.Query["lang"].Count > 0 ? $"?lang={texts.Code}" : "")}">
          <button class="{(isPrimary ? "primary wide" : "wide")}" name="do" value="{deed}">{label}</button>
        </form>
        """;

    private static Markup Choose(Texts texts, PersonalLink link, PersonalLinks links) =>
        links.Preferences(link) is { } url ? $"""<p class="more"><a href="{url}">{texts.Choose}</a></p>""" : Markup.None;

    private static Markup Check =>
        $"""<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="11"/><path d="m7 12.500 3.500 3.500L17 9"/></svg>""";

    private static string Said(string words, Texts texts, ChoiceRow? row, PersonalLink link) =>
        ChoiceView.Said(words, row?.Name ?? link.Category, texts.By(link.Channel));
}
