using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients;

namespace NotificationServer.Admin.Pages.Users;

/// What is known of a person, as it is typed.
internal sealed partial class ProfileForm
{
    public string? Email { get; set; }
    public string? Phone { get; set; }
    public string? Locale { get; set; }
    public string? TimeZone { get; set; }
    public string? Country { get; set; }
    /// One line, commas between them; a tag that has one itself is in quotes.
    public string? Tags { get; set; }
    /// A JSON object.
    public string? Attributes { get; set; }
    /// What was read before it was changed.
    public int Version { get; set; }

    public static ProfileForm Of(StoredUser user) => new()
    {
        Email = user.Email,
        Phone = user.Phone,
        Locale = user.Locale,
        TimeZone = user.TimeZone,
        Country = user.Country,
        Tags = CommaList.Join(user.Tags),
        Attributes = user.Attributes == "{}" ? null : Pretty.Json(JsonElement.Parse(user.Attributes)),
        Version = user.Version,
    };

    /// By the rules of the API; see the errors.
    public UserProfile Read(PhonePolicy phones, ModelStateDictionary errors) => ProfileRules.Check(new GivenProfile(
        Given(Email), Given(Phone) is { } phone ? Prefix.Phone(phone) : null, Given(Locale), Given(TimeZone), Given(Country)?.ToUpperInvariant(), ReadAttributes(errors),
        Given(Tags) is { } tags ? CommaList.Split(tags) : null), phones,
        (pointer, _, words) => errors.AddModelError(FieldOf(pointer), $"{words}."));

    private JsonElement? ReadAttributes(ModelStateDictionary errors)
    {
        if (Given(Attributes) is not { } text) return null;
        try
        {
            // What a text column cannot hold can only be written as an escape, which nobody needs here.
            if (!Unstorable().IsMatch(text)) return JsonElement.Parse(text);
            errors.AddModelError("Form.Attributes", "Write the character itself instead of \\u0000 or half of a pair.");
        }
        catch (JsonException)
        {
            errors.AddModelError("Form.Attributes", "This is not JSON: write an object like {\"first_name\": \"Ada\"}.");
        }
        return null;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string FieldOf(string pointer) => "Form." + pointer.Split('/', 3)[1] switch
    {
        "email" => nameof(Email),
        "phone" => nameof(Phone),
        "locale" => nameof(Locale),
        "time_zone" => nameof(TimeZone),
        "country" => nameof(Country),
        "tags" => nameof(Tags),
        _ => nameof(Attributes),
    };

    [GeneratedRegex(@"\\u(0000|[dD][89a-fA-F])", RegexOptions.CultureInvariant)]
    private static partial Regex Unstorable();
}
