using System.Globalization;
using System.Reflection;
using System.Text.Json;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Architecture;

/// appsettings.json is the list of everything that can be set, with its default; it says nothing else.
public sealed class OptionsTests
{
    private static readonly JsonDocument Settings = JsonDocument.Parse(
        Source.Read("NotificationServer/appsettings.json"), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });

    public static TheoryData<string> Sections() => [.. OptionsClasses().Select(type => type.FullName!)]; // not generic

    [Theory, MemberData(nameof(Sections))]
    public void Every_option_stands_in_appsettings_with_the_default_of_the_class(string name)
    {
        var type = typeof(Template).Assembly.GetType(name, throwOnError: true)!; // throws rather
        var section = Section(type);
        Assert.True(Find(Settings.RootElement, section) is { ValueKind: JsonValueKind.Object }, $"appsettings.json lacks the section {section}");

        Violations.None(Differences(Activator.CreateInstance(type, nonPublic: true)!, section)); // a class
    }

    [Fact]
    public void There_are_options_to_look_at() => Assert.NotEmpty(OptionsClasses());

    private static IEnumerable<Type> OptionsClasses() =>
        from type in typeof(Template).Assembly.GetTypes()
        where type.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static) is { IsLiteral: true }
        orderby type.FullName
        select type;

    private static string Section(Type type) =>
        (string)type.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!; // looked for above

    private static IEnumerable<string> Differences(object defaults, string path)
    {
        foreach (var property in defaults.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var at = $"{path}:{property.Name}";
            var value = property.GetValue(defaults);
            if (Find(Settings.RootElement, at) is not { } written)
                yield return $"{at} is not in appsettings.json";
            else if (IsNested(property.PropertyType) && value is not null)
                foreach (var difference in Differences(value, at)) yield return difference;
            else if (!Says(written, value))
                yield return $"{at} is {written.GetRawText()}, but the class says {value ?? "null"}";
        }
    }

    private static bool IsNested(Type type) =>
        type.IsClass && type.Namespace?.StartsWith("NotificationServer", StringComparison.Ordinal) == true;

    private static bool Says(JsonElement written, object? value) => value switch
    {
        null => written.ValueKind == JsonValueKind.Null || written.ValueKind == JsonValueKind.String && written.GetString() == "",
        bool yes => written.ValueKind == (yes ? JsonValueKind.True : JsonValueKind.False),
        TimeSpan span => written.ValueKind == JsonValueKind.String && TimeSpan.TryParse(written.GetString(), CultureInfo.InvariantCulture, out var read) && read == span,
        Uri address => written.ValueKind == JsonValueKind.String && Uri.TryCreate(written.GetString(), UriKind.RelativeOrAbsolute, out var uri) && uri == address,
        string or Enum => written.ValueKind == JsonValueKind.String && string.Equals(written.GetString(), value.ToString(), StringComparison.Ordinal),
        System.Collections.IEnumerable items => written.ValueKind is JsonValueKind.Array or JsonValueKind.Object
            && Count(written) == items.Cast<object>().Count(),
        _ => written.ValueKind == JsonValueKind.Number
            && written.GetDouble().Equals(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
    };

    private static int Count(JsonElement written) =>
        written.ValueKind == JsonValueKind.Array ? written.GetArrayLength() : written.EnumerateObject().Count();

    private static JsonElement? Find(JsonElement root, string path)
    {
        foreach (var step in path.Split(':'))
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(step, out var next)) return null;
            root = next;
        }
        return root;
    }
}
