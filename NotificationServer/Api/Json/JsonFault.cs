using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// Thrown by converters; the serialiser adds where it was. Also puts the serialiser's own refusals into our words, which name no types.
internal sealed partial class JsonFault(string code, string message) : JsonException(message)
{
    public string Code => code;

    public static Problem Describe(JsonException exception)
    {
        var pointer = Pointer(exception.Path);
        return exception switch
        {
            JsonFault fault => One(fault.Code, pointer, fault.Message),
            _ when Missing().Match(exception.Message) is { Success: true } missing => Required(pointer, missing),
            _ when exception.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) =>
                One("unknown_property", pointer, "This field is not known here"),
            _ when Duplicate().Match(exception.Message) is { Success: true } duplicate =>
                One("duplicate_property", Under(pointer, duplicate.Groups[1].Value), "This field is there twice"),
            _ when exception.Message.Contains("allow setting null values", StringComparison.Ordinal)
                || exception.Message.Contains("doesn't allow null values", StringComparison.Ordinal) =>
                One("required", pointer, "This field must not be null"),
            { InnerException: InvalidOperationException half } when half.Message.Contains("UTF-16", StringComparison.Ordinal) =>
                Problems.Malformed("malformed_json", "Text must be valid Unicode", new FieldError(pointer, "lone_surrogate", "Contains half of a surrogate pair")),
            _ when exception.Message.Contains("could not be converted", StringComparison.Ordinal) =>
                One("wrong_type", pointer, "This value is of another type than the field"),
            _ => One("malformed_json", pointer, "The body is not valid JSON"),
        };
    }

    private static Problem One(string code, string pointer, string message) =>
        Problems.Malformed(code, message, new FieldError(pointer, code, message));

    private static Problem Required(string pointer, Match missing)
    {
        var errors = Quoted().Matches(missing.Groups[1].Value)
            .Select(name => new FieldError(Under(pointer, name.Groups[1].Value), "required", "This field is required"))
            .ToArray();
        return Problems.Malformed("required", $"{errors.Length} required field{(errors.Length == 1 ? " is" : "s are")} missing", errors);
    }

    private static string Under(string pointer, string name) =>
        pointer.EndsWith("/" + Escape(name), StringComparison.Ordinal) ? pointer : $"{pointer}/{Escape(name)}";

    /// From the serialiser's `$.to[0].phone` and `$['odd.name']` to `/to/0/phone`.
    private static string Pointer(string? path)
    {
        var pointer = new StringBuilder();
        foreach (Match step in Step().Matches(path ?? ""))
            pointer.Append('/').Append(Escape(step.Groups[1].Success ? step.Groups[1].Value : step.Groups[2].Success ? step.Groups[2].Value : step.Groups[3].Value));
        return pointer.ToString();
    }

    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\.([^.\[\]]+)|\[(\d+)\]|\['(.*?)'\]", RegexOptions.CultureInvariant)]
    private static partial Regex Step();

    [GeneratedRegex("missing required properties including: (.+)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Missing();

    [GeneratedRegex("'([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex("^Duplicate property '(.+?)' encountered", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Duplicate();
}
