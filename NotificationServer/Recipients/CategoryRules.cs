using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Recipients;

/// What a category has to be to be stored: all that is wrong is told by a pointer, a code and words.
internal static class CategoryRules
{
    private const int MaxName = 100;
    private const int MaxExpirySeconds = 30 * 24 * 3600;
    private const int MaxDescription = 500;
    private const int MaxChannels = 10;
    private const int MaxLimitCount = 1000;
    private const int MaxLimitSeconds = 366 * 24 * 3600;
    private const int MaxNames = 50;

    public static void Check(Category category, Action<string, string, string> wrong)
    {
        void Holds(bool holds, string pointer, string code, string words)
        {
            if (!holds) wrong(pointer, code, words);
        }
        Holds(OneLine.Is(category.Name, MaxName), "/name", "invalid_text", OneLine.Wanted(MaxName));
        Holds(CategoryStore.Classes.Contains(category.Class), "/class", "unknown_class", $"Use one of {string.Join(", ", CategoryStore.Classes)}");
        Holds(category.ExpiresAfter is null || IsWithin(category.ExpiresAfter, MaxExpirySeconds), "/expires_after_seconds", "out_of_range", $"Use 1 to {MaxExpirySeconds}");
        Holds(category.Description.Length == 0 || OneLine.Is(category.Description, MaxDescription), "/description", "invalid_text", OneLine.Wanted(MaxDescription));
        Holds(category.Channels is not { Length: 0 or > MaxChannels }, "/channels", "invalid_count", "Name a channel, or leave channels out");
        for (var i = 0; i < Math.Min(category.Channels?.Length ?? 0, MaxChannels); i++)
            Holds(ChannelNames.Expand(category.Channels![i] ?? "").Count > 0, $"/channels/{i}", "unknown_channel", "Use push, sms, email or one channel like ios_push"); // counted
        Holds(CategoryStore.QuietPolicies.Contains(category.QuietHours), "/quiet_hours", "unknown_policy", $"Use one of {string.Join(", ", CategoryStore.QuietPolicies)}");
        if (category.LimitCount is not null || category.LimitPer is not null || category.LimitPolicy is not null)
        {
            Holds(category.LimitCount is > 0 and <= MaxLimitCount, "/limit/count", "out_of_range", $"Use 1 to {MaxLimitCount}");
            Holds(IsWithin(category.LimitPer, MaxLimitSeconds), "/limit/per_seconds", "out_of_range", $"Use 1 to {MaxLimitSeconds}");
            Holds(CategoryStore.LimitPolicies.Contains(category.LimitPolicy), "/limit/policy", "unknown_policy", $"Use one of {string.Join(", ", CategoryStore.LimitPolicies)}");
        }
        foreach (var (locale, name) in category.Translations)
        {
            Holds(Place.IsLocale(locale), "/names", "unknown_locale", "Use BCP 47 tags like de or pt-BR");
            Holds(OneLine.Is(name, MaxName), "/names", "invalid_text", OneLine.Wanted(MaxName));
        }
        Holds(category.Translations.Count <= MaxNames, "/names", "too_many", $"At most {MaxNames} languages");
    }

    private static bool IsWithin(TimeSpan? time, int seconds) => time is { } given && given >= TimeSpan.FromSeconds(1) && given <= TimeSpan.FromSeconds(seconds);
}
