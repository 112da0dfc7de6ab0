using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Recipients.Links;

/// The links that people get: to unsubscribe, and to the page of their own choices.
internal sealed class PersonalLinkOptions : IValidatableObject
{
    public const string Section = "Links";

    /// Where people reach this server, `https://messages.example.org`. Without it no marketing mail is sent outside Development,
    /// because none may go without a way out.
    public Uri? PublicUrl { get; init; }

    /// Who the pages speak for, above their headings; null: they say "we" only.
    [StringLength(60)]
    public string? SenderName { get; init; }

    /// How long an unsubscribe link works. Longer than mails are kept unread: whoever says no must be able to.
    [Range(typeof(TimeSpan), "30.00:00:00", "3660.00:00:00")]
    public TimeSpan UnsubscribeFor { get; init; } = TimeSpan.FromDays(400);

    /// How long a link to the page of choices works; shorter, because it shows something of the person.
    [Range(typeof(TimeSpan), "00:05:00", "3660.00:00:00")]
    public TimeSpan PreferencesFor { get; init; } = TimeSpan.FromDays(90);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl is not { } url) yield break;
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback) || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            yield return new($"{Section}:{nameof(PublicUrl)} must be an https address without a query");
    }
}
