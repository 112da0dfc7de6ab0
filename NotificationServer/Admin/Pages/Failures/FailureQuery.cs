using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using NotificationServer.Admin.Pages.Messages;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Admin.Pages.Failures;

/// Which failures a page is about, as its URL says it: the filter of the REST call in the same words, or the messages that were ticked.
internal sealed class FailureQuery
{
    private const int Longest = 200;
    public const int MostIds = 1000;

    /// Words of the failure.
    public string? Q { get; set; }
    public string? Recipient { get; set; }
    public string? Channel { get; set; }
    public string? Provider { get; set; }
    public string? Fingerprint { get; set; }
    public string? Template { get; set; }
    /// A campaign's id.
    public string? Campaign { get; set; }
    public string? Error { get; set; }
    /// hour, day or week: how long ago at most.
    public string? Age { get; set; }
    public DateTimeOffset? From { get; set; }
    public DateTimeOffset? To { get; set; }
    public List<string> Ids { get; set; } = [];
    /// Those that were ticked and no others, even where that is none.
    public bool Chosen { get; set; }

    [BindNever]
    public IReadOnlyList<Guid> Messages => [.. Ids.Take(MostIds).Select(text => PrefixedId.TryParse("msg", text, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)];

    /// Something that only single messages have, and not the groups.
    public bool IsOfLetters => (Given(Recipient) ?? Given(Template) ?? Given(Campaign)) is not null || From is not null || Window is not null || To is not null || Chosen || Ids.Count > 0;

    public bool IsEmpty => !IsOfLetters && (Given(Q) ?? Given(Channel) ?? Given(Provider) ?? Given(Fingerprint) ?? Given(Error)) is null;

    public string[]? Channels => Given(Channel) is { } name ? [.. ChannelNames.Expand(name).Select(channel => channel.Name())] : null;

    public TimeSpan? Window => Age switch
    {
        "hour" => TimeSpan.FromHours(1),
        "day" => TimeSpan.FromDays(1),
        "week" => TimeSpan.FromDays(7),
        _ => null,
    };

    public DateTimeOffset? Since(DateTimeOffset now) => From ?? (Window is { } window ? now - window : null);

    public DeadLetterFilter ToFilter(DateTimeOffset now) => new()
    {
        Ids = Chosen || Ids.Count > 0 ? Messages : null,
        Channels = Channels,
        Provider = Given(Provider),
        Fingerprint = Given(Fingerprint),
        Template = Given(Template),
        Campaign = CampaignNames.IdOf(Campaign),
        ErrorCode = Given(Error),
        Text = Given(Q),
        Recipient = Given(Recipient) is { } typed ? EmailAddress.TryParse(typed, out var address, out _) ? address : typed : null,
        From = Since(now),
        To = To,
    };

    /// Another page about the same failures.
    public string At(HttpRequest request, string path, params (string Name, string? Value)[] with) => QueryHelpers.AddQueryString(
        $"{request.PathBase}/admin{path}", Pairs.Where(pair => !with.Any(other => other.Name == pair.Name)).Concat(with)
            .Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    private IEnumerable<(string Name, string? Value)> Pairs =>
    [
        ("q", Given(Q)), ("recipient", Given(Recipient)), ("channel", Given(Channel)), ("provider", Given(Provider)), ("fingerprint", Given(Fingerprint)),
        ("template", Given(Template)), ("campaign", Given(Campaign)), ("error", Given(Error)), ("age", Given(Age)), ("from", From?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)), ("to", To?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        ("chosen", Chosen ? "true" : null), .. Ids.Take(MostIds).Select(id => ("ids", (string?)id)),
    ];

    /// What was typed, as far as PostgreSQL takes it.
    public static string? Given(string? text)
    {
        var said = text?.Trim();
        return string.IsNullOrEmpty(said) ? null : said.Storable(Longest);
    }
}
