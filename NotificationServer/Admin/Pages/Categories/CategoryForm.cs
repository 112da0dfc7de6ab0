using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Recipients;

namespace NotificationServer.Admin.Pages.Categories;

/// A category as it is typed: times are a number and a unit, names in other languages a line each.
internal sealed class CategoryForm
{
    public static readonly (string Name, int Seconds)[] Units = [("minutes", 60), ("hours", 3600), ("days", 86_400), ("seconds", 1)];

    /// More seconds than any rule allows: typing too much is told, and overflows nothing.
    private const long Beyond = 1_000_000_000;

    public string? Name { get; set; }
    public string Class { get; set; } = "transactional";
    public string? Description { get; set; }
    /// None: all of them.
    public string[] Channels { get; set; } = [];
    public bool DefaultOptIn { get; set; }
    public string QuietHours { get; set; } = "defer";
    public int? Expires { get; set; }
    public string ExpiresUnit { get; set; } = "hours";
    public int? LimitCount { get; set; }
    public int? LimitPer { get; set; }
    public string LimitUnit { get; set; } = "days";
    public string LimitPolicy { get; set; } = "defer";
    /// `de: Angebote`
    public string? Names { get; set; }
    /// What was read before it was changed.
    public string? Seen { get; set; }

    public static CategoryForm Of(Category category)
    {
        var (expires, expiresUnit) = Split(category.ExpiresAfter, "hours");
        var (per, perUnit) = Split(category.LimitPer, "days");
        return new CategoryForm
        {
            Name = category.Name,
            Class = category.Class,
            Description = category.Description,
            Channels = category.Channels ?? [],
            DefaultOptIn = category.DefaultOptIn,
            QuietHours = category.QuietHours,
            Expires = expires,
            ExpiresUnit = expiresUnit,
            LimitCount = category.LimitCount,
            LimitPer = per,
            LimitUnit = perUnit,
            LimitPolicy = category.LimitPolicy ?? "defer",
            Names = string.Join('\n', category.Translations.Select(name => $"{name.Key}: {name.Value}")),
            Seen = PrintOf(category),
        };
    }

    /// Changes with anything that the form shows.
    public static string PrintOf(Category category) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(category.Told())).AsSpan(0, 8));

    /// By the rules of the API; see the errors.
    public Category Read(string key, ModelStateDictionary errors)
    {
        var hasLimit = LimitCount is not null || LimitPer is not null;
        var category = new Category
        {
            Key = key,
            Name = Name?.Trim() ?? "",
            Class = Class,
            Description = Description?.Trim() ?? "",
            Channels = Channels.Length == 0 ? null : [.. Channels.Distinct()],
            DefaultOptIn = DefaultOptIn,
            QuietHours = QuietHours,
            ExpiresAfter = Time(Expires, ExpiresUnit),
            LimitCount = LimitCount,
            LimitPer = Time(LimitPer, LimitUnit),
            LimitPolicy = hasLimit ? LimitPolicy : null,
            Names = ReadNames(errors),
        };
        CategoryRules.Check(category, (pointer, _, words) => errors.AddModelError(FieldOf(pointer), $"{words}."));
        return category;
    }

    private string ReadNames(ModelStateDictionary errors)
    {
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (Names ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [var locale, var name]) errors.AddModelError("Form.Names", "Write a language, a colon and the name on each line: de: Angebote.");
            else if (!names.TryAdd(locale, name)) errors.AddModelError("Form.Names", $"{locale} stands here twice.");
        }
        return JsonSerializer.Serialize(names);
    }

    private static TimeSpan? Time(int? count, string unit) =>
        count is { } given ? TimeSpan.FromSeconds(Math.Clamp((long)given * Units.FirstOrDefault(one => one.Name == unit, Units[^1]).Seconds, -1, Beyond)) : null;

    private static (int?, string) Split(TimeSpan? time, string unit)
    {
        if (time is not { } given) return (null, unit);
        var seconds = (int)given.TotalSeconds;
        var fitting = Units.OrderByDescending(one => one.Seconds).First(one => seconds % one.Seconds == 0);
        return (seconds / fitting.Seconds, fitting.Name);
    }

    private static string FieldOf(string pointer) => "Form." + pointer switch
    {
        "/name" => nameof(Name),
        "/class" => nameof(Class),
        "/description" => nameof(Description),
        "/expires_after_seconds" => nameof(Expires),
        "/quiet_hours" => nameof(QuietHours),
        "/limit/count" => nameof(LimitCount),
        "/limit/per_seconds" => nameof(LimitPer),
        "/limit/policy" => nameof(LimitPolicy),
        "/names" => nameof(Names),
        _ => nameof(Channels),
    };
}
