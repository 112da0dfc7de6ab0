using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Recipients.Links;

/// Whether messages tell that they were opened and what was followed in them. Needs `Links:PublicUrl`; without it nothing is tracked.
internal sealed class LinkTrackingOptions : IValidatableObject
{
    public const string Section = "Tracking";

    /// For templates that do not say themselves; never of the class `critical`, where only the template's own word counts.
    public bool Opens { get; init; }

    /// As <see cref="Opens"/>, for the links in mails, and with <see cref="ShortHost"/> in texts.
    public bool Clicks { get; init; }

    /// Whether the links in a mail's text part are tracked as those in its HTML. They are seen there as they are, and become long.
    public bool TextLinks { get; init; } = true;

    /// Where the links in text messages lead, `https://go.example.org`: as short as it can be had. Without it texts are not tracked,
    /// because a link that holds where it leads takes a segment of its own.
    public Uri? ShortHost { get; init; }

    /// Puts a link into mails that nobody can see: whoever follows it follows everything, and is a machine. Some filters dislike it.
    public bool Trap { get; init; }

    /// How soon a node sees that a template's own switch was changed.
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan SwitchesMaxAge { get; init; } = TimeSpan.FromSeconds(2);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ShortHost is not { } url) yield break;
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback) || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            yield return new($"{Section}:{nameof(ShortHost)} must be an https address without a query");
    }
}
