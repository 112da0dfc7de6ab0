using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotificationServer.Channels;
using NotificationServer.Templates.Shared;
using NotificationServer.Templates.Schemas;

namespace NotificationServer.Templates;

/// What must hold before a template is stored; the same for every way in.
internal static partial class TemplateRules
{
    /// Beside the words for everybody; as many as the editor has room for.
    public const int MaxLocales = 39;
    private const int MaxDigits = 400;
    private const int MaxSampleBytes = 64 * 1024;

    public static IEnumerable<TemplateError> CheckKey(string key)
    {
        if (!Key().IsMatch(key)) yield return new("/key", "invalid_key", "1 to 100 of a-z, 0-9, - and _, beginning with a letter or a digit");
    }

    public static IEnumerable<TemplateError> CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200 || name.Any(char.IsControl))
            yield return new("/name", "invalid_name", "1 to 200 characters on one line");
    }

    public static IReadOnlyList<TemplateError> Check(VersionSource source, PartialSnapshot? partials = null)
    {
        var parts = source.Parts;
        var errors = new List<TemplateError>();
        if (parts is { Push: null, Sms: null, Email: null })
            errors.Add(new("/channels", "required", "words for at least one of push, sms and email"));
        errors.AddRange(CheckPresence(parts, "/channels"));
        errors.AddRange(CheckLocales(parts));
        errors.AddRange(new Wording(parts, partials).CheckAll());
        CheckData(source, errors);
        return errors;
    }

    private static IEnumerable<TemplateError> CheckPresence(TemplateParts parts, string at)
    {
        if (parts.Push is { } push && string.IsNullOrWhiteSpace(push.Title) && string.IsNullOrWhiteSpace(push.Body))
            yield return new($"{at}/push", "required", "a title or a body");
        if (parts.Push?.Data is { } data && !IsStorable(data))
            yield return new($"{at}/push/data", "number_out_of_range", "Use numbers that a double can hold");
        if (parts.Sms is { } sms && string.IsNullOrWhiteSpace(sms.Body))
            yield return new($"{at}/sms/body", "required", "a body");
        if (parts.Email is { } email && string.IsNullOrWhiteSpace(email.Subject))
            yield return new($"{at}/email/subject", "required", "a subject");
        if (parts.Email is { } mail && string.IsNullOrWhiteSpace(mail.Html) && string.IsNullOrWhiteSpace(mail.Text))
            yield return new($"{at}/email", "required", "html or text");
    }

    // JSON numbers have no bounds; those of jsonb do, and it refuses what is beyond them with an error.
    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(member => IsStorable(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.Number => value.GetRawText() is { Length: <= MaxDigits } text && value.TryGetDouble(out var number) && double.IsFinite(number)
            && (text.AsSpan().IndexOfAny('e', 'E') is not (>= 0 and var e) || (int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) && Math.Abs(power) <= MaxDigits)),
        _ => true,
    };

    private static IEnumerable<TemplateError> CheckLocales(TemplateParts parts)
    {
        if (parts.DefaultLocale is { } own && !LocaleChain.IsTag(own))
            yield return new("/default_locale", "invalid_locale", "Use a BCP 47 tag such as en or de-CH");
        if (parts.Locales is null) yield break;
        if (parts.Locales.Count > MaxLocales) yield return new("/locales", "too_many", $"at most {MaxLocales}");

        var seen = new HashSet<string>(LocaleChain.Comparer);
        foreach (var (locale, other) in parts.Locales.Take(MaxLocales))
        {
            var at = $"/locales/{locale}";
            if (!LocaleChain.IsTag(locale)) yield return new(at, "invalid_locale", "Use a BCP 47 tag such as de or de-CH");
            else if (LocaleChain.Comparer.Equals(locale, parts.DefaultLocale)) yield return new(at, "duplicate", "the words in channels are in this locale");
            else if (!seen.Add(locale)) yield return new(at, "duplicate", "there twice, but for capital letters");
            if (other is { Push: null, Sms: null, Email: null }) yield return new(at, "required", "words for at least one of push, sms and email");
            // Who speaks none of the locales must be told something too.
            foreach (var family in Enum.GetValues<ChannelFamily>())
                if (other.Has(family) && !parts.Has(family)) yield return new($"{at}/{family.Name()}", "no_default", $"channels has no {family.Name()} for all other locales");
            foreach (var error in CheckPresence(other, at)) yield return error;
        }
    }

    private static void CheckData(VersionSource source, List<TemplateError> errors)
    {
        var schema = DataSchema.From(source.VariablesSchema, "/variables_schema", errors);
        if (source.SampleData is not { } sample) return;
        if (sample.ValueKind != JsonValueKind.Object)
            errors.Add(new("/sample_data", "not_an_object", "sample data is a JSON object, like the data of a notification"));
        else if (Encoding.UTF8.GetByteCount(sample.GetRawText()) > MaxSampleBytes)
            errors.Add(new("/sample_data", "too_large", $"at most {MaxSampleBytes / 1024} KiB"));
        else
            errors.AddRange((schema?.Check(sample) ?? []).Select(fault => new TemplateError($"/sample_data{fault.Pointer}", fault.Code, fault.Message)));
    }

    // As the table has it.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
