using System.Globalization;
using NotificationServer.Tracking.Pages;

namespace NotificationServer.Tracking.Choices;

/// The page of choices as HTML.
internal static class ChoiceView
{
    /// Before: as it was until this request; null where nothing was asked for.
    public static Markup Of(HttpContext http, Texts texts, PersonalChoices choices, PersonalChoices? before)
    {
        if (!choices.IsKnown) return $"""<h1>{texts.Title}</h1><p class="lead">{texts.Nobody}</p>""";
        var action = $"{http.Request.PathBase}{http.Request.Path.ToUriComponent()}{(http.Request.Query["lang"].Count > 0 ? $"?lang={texts.Code}" : "")}";
        return $"""
            <h1>{texts.Title}</h1>
            <p class="lead">{texts.Intro}</p>
            {Whom(texts, choices)}
            {(before is null ? Markup.None : Result(texts, choices, before, action))}
            {Notes(texts, choices)}
            <form method="post" action="{action}" class="choices">
              <div class="card">
                {choices.Rows.Select((row, number) => Row(texts, row, number))}
              </div>
              <div class="bar">
                <button class="primary" name="do" value="save">{texts.Save}</button>
                <span class="unsaved" aria-hidden="true">{texts.NotSaved}</span>
              </div>
            </form>
            {NoMarketing(texts, choices, action)}
            """;
    }

    private static Markup Whom(Texts texts, PersonalChoices choices) => choices.Addresses.Count == 0 ? Markup.None
        : (Markup)$"""<p class="whom"><span>{texts.For}</span> {string.Join(" · ", choices.Addresses)}</p>""";

    private static Markup Row(Texts texts, ChoiceRow row, int number) => row.Choices.Count == 0
        ? (Markup)$"""
            <div class="row">
              <div class="name">{row.Name}<small>{texts.AlwaysOnWhy}</small></div>
              <p class="always">{Icon("M5.500 7V5a2.500 2.500 0 0 1 5 0v2M4 7h8v6.500H4z")}{texts.AlwaysOn}</p>
            </div>
            """
        : (Markup)$"""
            <div class="row" role="group" aria-labelledby="kind-{number.ToString(CultureInfo.InvariantCulture)}">
              <div class="name" id="kind-{number.ToString(CultureInfo.InvariantCulture)}">{row.Name}</div>
              <div class="switches">{row.Choices.Select(choice => Switch(texts, choice))}</div>
            </div>
            """;

    private static Markup Switch(Texts texts, Choice choice) => $"""
        <label class="switch"><input type="checkbox" role="switch" name="on" value="{choice.Key}"{(choice.IsOn ? (Markup)$" checked" : Markup.None)}><span class="track" aria-hidden="true"></span><span class="channel">{texts.Channel(choice.Channel)}</span><span class="state" aria-hidden="true"><span class="on">{texts.On}</span><span class="off">{texts.Off}</span></span></label><input type="hidden" name="shown" value="{choice.Key}">
        """;

    /// What is different now, in words, and the way back.
    private static Markup Result(Texts texts, PersonalChoices now, PersonalChoices before, string action)
    {
        var was = before.All.ToDictionary(choice => choice.Key, choice => choice.IsOn);
        var changed = (from row in now.Rows
                       from choice in row.Choices
                       where was.TryGetValue(choice.Key, out var wasOn) && wasOn != choice.IsOn
                       select (row.Name, Choice: choice)).ToList();
        if (changed.Count == 0) return $"""<p class="notice quiet" role="status">{texts.NothingChanged}</p>""";
        return $"""
            <div class="notice ok" role="status">
              <div><strong>{texts.Saved}</strong>
                <ul>{changed.Select(one => (Markup)$"<li>{Said(one.Choice.IsOn ? texts.NowOn : texts.NowOff, one.Name, texts.By(one.Choice.Channel))}</li>")}</ul></div>
              <form method="post" action="{action}">
                {changed.Select(one => (Markup)$"""<input type="hidden" name="{(one.Choice.IsOn ? "off" : "on")}" value="{one.Choice.Key}">""")}
                <button name="do" value="undo">{texts.Undo}</button>
              </form>
            </div>
            """;
    }

    private static Markup Notes(Texts texts, PersonalChoices choices)
    {
        var notes = new List<Markup>();
        if (choices.IsBlocked) notes.Add($"""<p class="notice warn">{texts.Blocked}</p>""");
        foreach (var held in choices.Held.Where(one => one.Channel is "email" or "sms"))
        {
            var words = held switch { { Channel: "sms", Reason: "stop" } => texts.StoppedSms, { Channel: "email" } => texts.HeldEmail, _ => texts.HeldOther };
            notes.Add($"""<p class="notice warn">{Said(words, held.Address, "")}</p>""");
        }
        return $"{notes}";
    }

    private static Markup NoMarketing(Texts texts, PersonalChoices choices, string action) =>
        !choices.Rows.Any(row => row.IsMarketing && row.Choices.Any(choice => choice.IsOn)) ? Markup.None : $"""
            <form method="post" action="{action}" class="all-off">
              <button name="do" value="no-marketing">{texts.NoMarketing}</button>
              <p>{texts.NoMarketingHint}</p>
            </form>
            """;

    internal static string Said(string words, string first, string second) =>
        words.Replace("{0}", first, StringComparison.Ordinal).Replace("{1}", second, StringComparison.Ordinal);

    private static Markup Icon(string path) =>
        $"""<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d="{path}"/></svg>""";
}
