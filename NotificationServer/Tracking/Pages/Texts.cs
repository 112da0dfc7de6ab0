using Microsoft.Net.Http.Headers;

namespace NotificationServer.Tracking.Pages;

/// Everything the pages say, in one language. `{0}` and `{1}` are a kind of message and a way it comes.
internal sealed record Texts
{
    /// What consents name as the words that people were shown: raised when a text changes its meaning.
    public const string Version = "pages-1";

    public required string Code { get; init; }
    public required string Name { get; init; }
    public required string Language { get; init; }

    public required string Title { get; init; }
    public required string Intro { get; init; }
    public required string For { get; init; }
    public required string Email { get; init; }
    public required string Sms { get; init; }
    public required string Push { get; init; }
    public required string ByEmail { get; init; }
    public required string BySms { get; init; }
    public required string ByPush { get; init; }
    public required string On { get; init; }
    public required string Off { get; init; }
    public required string AlwaysOn { get; init; }
    public required string AlwaysOnWhy { get; init; }
    public required string Save { get; init; }
    public required string NotSaved { get; init; }
    public required string NoMarketing { get; init; }
    public required string NoMarketingHint { get; init; }
    public required string Saved { get; init; }
    public required string NothingChanged { get; init; }
    public required string NowOn { get; init; }
    public required string NowOff { get; init; }
    public required string Undo { get; init; }
    public required string StoppedSms { get; init; }
    public required string HeldEmail { get; init; }
    public required string HeldOther { get; init; }
    public required string Blocked { get; init; }
    public required string Nobody { get; init; }

    public required string UnsubscribeTitle { get; init; }
    public required string UnsubscribeAsk { get; init; }
    public required string Unsubscribe { get; init; }
    public required string Unsubscribed { get; init; }
    public required string UnsubscribedSay { get; init; }
    public required string AlreadyUnsubscribed { get; init; }
    public required string Resubscribe { get; init; }
    public required string Resubscribed { get; init; }
    public required string ResubscribedSay { get; init; }
    public required string Choose { get; init; }

    public required string InvalidTitle { get; init; }
    public required string InvalidSay { get; init; }
    public required string ExpiredTitle { get; init; }
    public required string ExpiredSay { get; init; }
    public required string NotUnderstoodTitle { get; init; }
    public required string NotUnderstoodSay { get; init; }
    public required string LaterTitle { get; init; }
    public required string LaterSay { get; init; }

    public static readonly IReadOnlyList<Texts> All = [TextsInEnglish.All, TextsInGerman.All, TextsInKorean.All];

    public string Channel(string family) => family switch { "email" => Email, "sms" => Sms, _ => Push };

    public string By(string family) => family switch { "email" => ByEmail, "sms" => BySms, _ => ByPush };

    /// What the person just chose, else their own language, else what the browser asks for.
    public static Texts Of(HttpContext http, string? locale)
    {
        if (Find(http.Request.Query["lang"]) is { } chosen) return chosen;
        if (Find(locale) is { } own) return own;
        var asked = StringWithQualityHeaderValue.TryParseList(http.Request.Headers.AcceptLanguage, out var values) ? values : [];
        return asked.OrderByDescending(value => value.Quality ?? 1).Select(value => Find(value.Value.Value)).OfType<Texts>().FirstOrDefault() ?? All[0];
    }

    private static Texts? Find(string? locale) =>
        locale is null ? null : All.FirstOrDefault(one => one.Code.Equals(locale.Split('-', '_')[0], StringComparison.OrdinalIgnoreCase));
}
