using System.Text.Json;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Users;

/// From what a caller says of a person to what is stored, or to all that is wrong with it.
internal static class UserRules
{
    private const int MaxAttributesBytes = 16 * 1024;
    private const int MaxTags = 100;
    private const int MaxTag = 64;

    public static UserProfile Check(PutUser.Request request, PhonePolicy phones, FieldErrors errors)
    {
        var (email, phone) = (request.Email, request.Phone);
        if (email is not null && !EmailAddress.TryParse(email, out email, out var code))
            errors.Add("/email", code, "Use one address like ann@example.com");
        if (phone is not null && !phones.Takes(phone, out phone, out code))
            errors.Add("/phone", code, PhonePolicy.Help(code));
        CheckPlace(request.Locale, request.TimeZone, errors);
        errors.Check(request.Country is null || Place.IsCountry(request.Country), "/country", "unknown_country", "Use two capital letters of ISO 3166");
        CheckTags(request.Tags ?? [], errors);

        return new UserProfile
        {
            Email = email,
            Phone = phone,
            Locale = request.Locale,
            TimeZone = request.TimeZone,
            Country = request.Country,
            Attributes = Attributes(request.Attributes, errors),
            Tags = request.Tags?.Distinct(StringComparer.Ordinal).ToArray() ?? [],
        };
    }

    /// At: where in the body they stand.
    public static void CheckPlace(string? locale, string? timeZone, FieldErrors errors, string at = "")
    {
        errors.Check(locale is null || Place.IsLocale(locale), $"{at}/locale", "unknown_locale", "Use a BCP 47 tag like de-CH");
        errors.Check(timeZone is null || Place.IsTimeZone(timeZone), $"{at}/time_zone", "unknown_time_zone", "Use an IANA zone like Europe/Zurich");
    }

    private static void CheckTags(string[] tags, FieldErrors errors)
    {
        errors.Check(tags.Length <= MaxTags, "/tags", "too_many", $"At most {MaxTags} tags");
        for (var i = 0; i < Math.Min(tags.Length, MaxTags); i++)
            errors.Check(tags[i] is { Length: > 0 and <= MaxTag } tag && !tag.Any(char.IsControl), $"/tags/{i}", "invalid_tag", $"1 to {MaxTag} characters, no control characters");
    }

    private static string Attributes(JsonElement? attributes, FieldErrors errors)
    {
        if (attributes is not { ValueKind: not JsonValueKind.Null } given)
            return "{}";

        errors.Check(given.ValueKind == JsonValueKind.Object, "/attributes", "wrong_type", "Use a JSON object");
        var text = given.GetRawText();
        errors.Check(text.Length <= MaxAttributesBytes, "/attributes", "too_large", $"At most {MaxAttributesBytes} bytes");
        StorableNumbers.Check(given, "/attributes", errors);
        return text;
    }
}
