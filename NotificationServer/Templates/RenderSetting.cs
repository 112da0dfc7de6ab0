namespace NotificationServer.Templates;

/// Who a rendering is for: the person's locale (BCP 47) and time zone (IANA), and the values of <see cref="LinkVariables"/>, which
/// outweigh what the data calls the same. No locale: the words are the default ones.
internal sealed record RenderSetting(string? Locale = null, string? TimeZone = null, IReadOnlyDictionary<string, string>? Links = null)
{
    /// Null: the words do not speak of the person.
    public PersonValues? Person { get; init; }

    public static readonly RenderSetting Neutral = new();
}
