using System.Text.Json;
using NotificationServer.Admin.Ui;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Templates;
using NotificationServer.Templates.Lint;

namespace NotificationServer.Admin.Pages.Templates;

/// What one language says, field by field; an empty field is none.
internal sealed class LanguageForm
{
    /// Null: the default.
    public string? Tag { get; set; }
    public string? Subject { get; set; }
    public string? Html { get; set; }
    public string? Text { get; set; }
    public string? Sms { get; set; }
    public string? Title { get; set; }
    public string? Body { get; set; }
    public string? Data { get; set; }

    public bool HasEmail => Subject is not null || Html is not null || Text is not null;
    public bool HasPush => Title is not null || Body is not null || Data is not null;

    public bool Has(string channel) => channel switch { "email" => HasEmail, "sms" => Sms is not null, "push" => HasPush, _ => false };

    public static LanguageForm Of(string? tag, TemplateParts parts) => new()
    {
        Tag = tag,
        Subject = parts.Email?.Subject, Html = parts.Email?.Html, Text = parts.Email?.Text,
        Sms = parts.Sms?.Body,
        Title = parts.Push?.Title, Body = parts.Push?.Body, Data = Pretty.Json(parts.Push?.Data),
    };

    public TemplateParts ToParts(List<Finding> problems) => new(
        HasPush ? new PushPart(Title, Lines(Body), EditorForm.Json(Data, Tag is null ? "/channels/push/data" : $"/locales/{Tag}/push/data", Tag, problems)) : null,
        Sms is null ? null : new SmsPart(Lines(Sms)),
        HasEmail ? new EmailPart(Subject, Lines(Html), Lines(Text)) : null);

    // Forms send CRLF, and CR is a character of an SMS that somebody pays for.
    private static string? Lines(string? text) => text?.ReplaceLineEndings("\n");
}

/// The editor's whole state: it travels with every submit, so that nothing is lost whichever button was pressed, and scripts are not needed.
internal sealed class EditorForm
{
    /// The words for everybody, and every other language that a template may have.
    public const int MostLanguages = 1 + TemplateRules.MaxLocales;
    public static readonly string[] Channels = ["email", "sms", "push", "data"];

    /// The version that the text came from; 0: none yet.
    public int Base { get; set; }
    public string? Key { get; set; }
    public string? Name { get; set; }
    public string? Category { get; set; }
    public string? DefaultLanguage { get; set; }
    public List<LanguageForm> Languages { get; set; } = [];
    public string? Sample { get; set; }
    public string? Schema { get; set; }
    public string Channel { get; set; } = "email";
    /// What the page showed: where the form says the same, whoever saves did not mean to change it.
    public string? ShownName { get; set; }
    public string? ShownCategory { get; set; }
    /// Which of <see cref="Languages"/> is looked at.
    public int Shown { get; set; }
    public string? NewLanguage { get; set; }
    /// Whose locale and zone the preview takes; null: nobody's, the shown language's.
    public string? As { get; set; }

    // Read also while a form is bound that lacks them all.
    public LanguageForm Current => Languages.Count == 0 ? new LanguageForm() : Languages[Math.Clamp(Shown, 0, Languages.Count - 1)];

    public static EditorForm Of(Draft draft, int version) => new()
    {
        Base = version,
        DefaultLanguage = draft.Parts.DefaultLocale,
        Languages = [.. draft.Locales.Select(tag => LanguageForm.Of(tag, draft.Own(tag)))],
        Sample = Pretty.Json(draft.Sample),
        Schema = Pretty.Json(draft.Schema),
    };

    /// What came from outside, brought into shape.
    public void Tidy()
    {
        if (Languages.Count == 0) Languages.Add(new LanguageForm());
        if (Languages.Count > MostLanguages) Languages.RemoveRange(MostLanguages, Languages.Count - MostLanguages);
        Languages[0].Tag = null;
        Languages.RemoveAll(language => language != Languages[0] && (language.Tag is null || !Place.IsLocale(language.Tag)));
        Shown = Math.Clamp(Shown, 0, Languages.Count - 1);
        if (!Channels.Contains(Channel)) Channel = "email";
    }

    /// The words with what they need to be looked at; what is no JSON is told and left out.
    public Draft ToDraft(List<Finding> problems)
    {
        var parts = Languages[0].ToParts(problems) with
        {
            DefaultLocale = DefaultLanguage,
            Locales = Languages.Count == 1 ? null
                : Languages.Skip(1).DistinctBy(language => language.Tag, StringComparer.OrdinalIgnoreCase).ToDictionary(language => language.Tag!, language => language.ToParts(problems)), // Tidy leaves no other
        };
        return new Draft(parts) { Sample = Json(Sample, "/sample_data", null, problems), Schema = Json(Schema, "/variables_schema", null, problems) };
    }

    public static JsonElement? Json(string? text, string pointer, string? locale, List<Finding> problems)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            var value = JsonSerializer.Deserialize<JsonElement>(text);
            if (value.ValueKind == JsonValueKind.Object) return value;
            problems.Add(new Finding(Severity.Error, "not_an_object", pointer, locale, "This is not a JSON object.", """Begin with { and end with }, as in {"order_no": "1234"}."""));
        }
        catch (JsonException e)
        {
            problems.Add(new Finding(Severity.Error, "not_json", pointer, locale, $"Line {e.LineNumber + 1}: this is not JSON.", "Look for a missing comma, quote or bracket."));
        }
        return null;
    }
}
