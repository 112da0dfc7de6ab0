using System.Text.Json;
using NotificationServer.Platform;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Recipients;

/// What somebody says of a person, before it is judged.
internal sealed record GivenProfile(
    string? Email, string? Phone, string? Locale, string? TimeZone, string? Country, JsonElement? Attributes, string[]? Tags);

/// From what is said of a person to what is stored, or to all that is wrong with it: told by a pointer, a code and words.
internal static class ProfileRules
{
    private const int MaxAttributesBytes = 16 * 1024;
    private const int MaxTags = 100;
    private const int MaxTag = 64;

    public static UserProfile Check(GivenProfile given, PhonePolicy phones, Action<string, string, string> wrong)
    {
        var (email, phone) = (given.Email, given.Phone);
        if (email is not null && !EmailAddress.TryParse(email, out email, out var code))
            wrong("/email", code, "Use one address like ann@example.com");
        if (phone is not null && !phones.Takes(phone, out phone, out code))
            wrong("/phone", code, PhonePolicy.Help(code));
        CheckPlace(given.Locale, given.TimeZone, wrong);
        if (given.Country is { } country && !Place.IsCountry(country)) wrong("/country", "unknown_country", "Use two capital letters of ISO 3166");
        CheckTags(given.Tags ?? [], wrong);

        return new UserProfile
        {
            Email = email,
            Phone = phone,
            Locale = given.Locale,
            TimeZone = given.TimeZone,
            Country = given.Country,
            Attributes = Attributes(given.Attributes, wrong),
            Tags = given.Tags?.Distinct(StringComparer.Ordinal).ToArray() ?? [],
        };
    }

    /// At: where in the body they stand.
    public static void CheckPlace(string? locale, string? timeZone, Action<string, string, string> wrong, string at = "")
    {
        if (locale is not null && !Place.IsLocale(locale)) wrong($"{at}/locale", "unknown_locale", "Use a BCP 47 tag like de-CH");
        if (timeZone is not null && !Place.IsTimeZone(timeZone)) wrong($"{at}/time_zone", "unknown_time_zone", "Use an IANA zone like Europe/Zurich");
    }

    private static void CheckTags(string[] tags, Action<string, string, string> wrong)
    {
        if (tags.Length > MaxTags) wrong("/tags", "too_many", $"At most {MaxTags} tags");
        for (var i = 0; i < Math.Min(tags.Length, MaxTags); i++)
        {
            if (tags[i] is not { Length: > 0 and <= MaxTag } tag || tag.Any(char.IsControl))
                wrong($"/tags/{i}", "invalid_tag", $"1 to {MaxTag} characters, no control characters");
        }
    }

    private static string Attributes(JsonElement? attributes, Action<string, string, string> wrong)
    {
        if (attributes is not { ValueKind: not JsonValueKind.Null } given)
            return "{}";

        if (given.ValueKind != JsonValueKind.Object) wrong("/attributes", "wrong_type", "Use a JSON object");
        var text = given.GetRawText();
        if (text.Length > MaxAttributesBytes) wrong("/attributes", "too_large", $"At most {MaxAttributesBytes} bytes");
        StorableNumbers.Check(given, "/attributes", wrong);
        return text;
    }
}
