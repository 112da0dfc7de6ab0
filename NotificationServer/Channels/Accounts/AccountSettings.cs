using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using NotificationServer.Platform;

namespace NotificationServer.Channels.Accounts;

/// What is wrong with one setting; the pointer is into the account as the API has it.
internal sealed record SettingProblem(string Pointer, string Code, string Message);

/// Turns an account's settings and secrets, as JSON, into its vendor's options: the same classes, names and rules as in configuration,
/// so that a vendor is described once.
internal static class AccountSettings
{
    private const string FileSuffix = "File";

    /// Every setting of a vendor by its name in JSON.
    public static Dictionary<string, PropertyInfo> Of(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite).ToDictionary(property => NameOf(property), StringComparer.Ordinal);

    public static bool IsSecret(PropertyInfo property) => property.IsDefined(typeof(SecretAttribute));

    public static (VendorOptions? Options, IReadOnlyList<SettingProblem> Problems) Read(Vendor vendor, JsonElement settings, JsonElement secrets)
    {
        var (known, problems, values) = (Of(vendor.Settings), new List<SettingProblem>(), new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase));
        // They are kept as jsonb.
        StorableNumbers.Check(settings, "/settings", (pointer, code, message) => problems.Add(new SettingProblem(pointer, code, message)));
        Take(settings, "/settings", secret: false, vendor, known, values, problems);
        Take(secrets, "/secrets", secret: true, vendor, known, values, problems);
        if (problems.Count > 0) return (null, problems);

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        foreach (var (name, property) in known)
            if (!CanBind(configuration.GetSection(property.Name), property.PropertyType))
                problems.Add(new SettingProblem(Pointer(name, property), "invalid_value", $"This is no {property.PropertyType.Name}"));
        if (problems.Count > 0) return (null, problems);

        var options = (VendorOptions)(configuration.Get(vendor.Settings) ?? Activator.CreateInstance(vendor.Settings)!); // a class with a constructor, as the registration demands
        options.IsWanted = true;
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
            problems.AddRange(wrong.Select(one => Describe(one, vendor, known)));
        return problems.Count > 0 ? (null, problems) : (options, []);
    }

    private static void Take(
        JsonElement given, string at, bool secret, Vendor vendor, Dictionary<string, PropertyInfo> known, Dictionary<string, string?> values, List<SettingProblem> problems)
    {
        if (given.ValueKind != JsonValueKind.Object) return;
        foreach (var member in given.EnumerateObject())
        {
            var pointer = $"{at}/{member.Name}";
            if (!known.TryGetValue(member.Name, out var property))
                problems.Add(new SettingProblem(pointer, "unknown_setting", $"{vendor.Name} knows {string.Join(", ", known.Where(one => IsSecret(one.Value) == secret && !IsFile(one.Value)).Select(one => one.Key))}"));
            // Whoever may edit accounts may not look about on the server.
            else if (IsFile(property))
                problems.Add(new SettingProblem(pointer, "file_not_allowed", $"An account names no file of the server: put its content into {(Inline(property, known) is { } inline ? Pointer(NameOf(inline), inline) : "secrets")}"));
            else if (IsSecret(property) != secret)
                problems.Add(secret ? new SettingProblem(pointer, "not_secret", "Put it into settings") : new SettingProblem(pointer, "is_secret", "Put it into secrets"));
            else Flatten(member.Value, property.Name, values);
        }
    }

    /// As configuration has it: `A:B` for what is within, numbers for a list.
    private static void Flatten(JsonElement value, string path, Dictionary<string, string?> values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject()) Flatten(member.Value, $"{path}:{member.Name.Replace("_", "", StringComparison.Ordinal)}", values);
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index()) Flatten(item, $"{path}:{index}", values);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                values[path] = value.ToString();
                break;
        }
    }

    private static bool CanBind(IConfigurationSection section, Type type)
    {
        if (!section.Exists()) return true;
        try
        {
            return section.Get(type) is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static SettingProblem Describe(ValidationResult wrong, Vendor vendor, Dictionary<string, PropertyInfo> known)
    {
        var said = (wrong.ErrorMessage ?? "invalid").Replace($"{vendor.Section}:", "", StringComparison.Ordinal);
        var end = said.IndexOf(" (other settings", StringComparison.Ordinal);
        var (name, property) = known.FirstOrDefault(one => wrong.MemberNames.Contains(one.Value.Name)
            // Some say it in the message alone.
            || (!wrong.MemberNames.Any() && said.StartsWith(one.Value.Name, StringComparison.Ordinal)));
        // What may be a file in configuration is its content here.
        if (property is not null && IsFile(property) && Inline(property, known) is { } inline)
        {
            said = said.Replace(property.Name, inline.Name, StringComparison.Ordinal);
            (name, property) = (NameOf(inline), inline);
        }
        return new SettingProblem(property is null ? "/settings" : Pointer(name, property), said.Contains("is missing", StringComparison.Ordinal) ? "missing" : "invalid_value",
            end < 0 ? said : said[..end]);
    }

    private static bool IsFile(PropertyInfo property) => property.Name.EndsWith(FileSuffix, StringComparison.Ordinal);

    /// The secret that takes the place of a file: `PrivateKey` of `PrivateKeyFile`, `ServiceAccountJson` of `ServiceAccountFile`.
    private static PropertyInfo? Inline(PropertyInfo file, Dictionary<string, PropertyInfo> known) =>
        known.Values.FirstOrDefault(one => IsSecret(one) && one.Name.StartsWith(file.Name[..^FileSuffix.Length], StringComparison.Ordinal));

    private static string Pointer(string name, PropertyInfo property) => $"/{(IsSecret(property) ? "secrets" : "settings")}/{name}";

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
}
