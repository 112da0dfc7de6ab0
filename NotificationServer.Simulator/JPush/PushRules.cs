using System.Text;
using System.Text.Json;

namespace NotificationServer.Simulator.JPush;

/// What JPush finds wrong with a push object: its code and words; null: nothing. It knows every member that it takes, and refuses
/// all others.
internal static class PushRules
{
    private const int MostAndroid = 4000, MostIos = 2000, MostIds = 1000, MostLife = 864000;

    private static readonly string[] Top = ["cid", "platform", "audience", "notification", "message", "options", "callback", "sms_message", "inapp_message"];
    private static readonly string[] Audience = ["registration_id", "alias", "tag", "tag_and", "tag_not", "segment", "abtest"];
    private static readonly string[] Notification = ["alert", "android", "ios", "hmos"];
    private static readonly string[] Message = ["msg_content", "title", "content_type", "extras"];

    private static readonly string[] Android =
    [
        "alert", "title", "builder_id", "channel_id", "priority", "category", "style", "big_text", "inbox", "big_pic_path", "alert_type", "large_icon",
        "small_icon_uri", "intent", "badge_add_num", "badge_set_num", "badge_class", "sound", "show_begin_time", "show_end_time", "display_foreground", "extras",
    ];

    private static readonly string[] Ios =
        ["alert", "sound", "badge", "content-available", "mutable-content", "category", "thread-id", "interruption-level", "extras"];

    private static readonly string[] Options =
    [
        "sendno", "time_to_live", "override_msg_id", "apns_production", "apns_collapse_id", "big_push_duration", "third_party_channel", "classification",
        "test_model", "test_message", "receipt_id",
    ];

    public static (string Code, string Why)? Violation(JsonElement push, string appKey)
    {
        if (push.ValueKind != JsonValueKind.Object) return ("1003", "not an object");
        if (Stranger(push, Top) is { } name) return ("1009", name);
        if (Member(push, "cid") is { } cid && (cid.ValueKind != JsonValueKind.String || !cid.GetString()!.StartsWith(appKey + "-", StringComparison.Ordinal)
            || cid.GetString()!.Length > 64)) return ("1003", "cid");
        if (Member(push, "platform") is not { } platform || Member(push, "audience") is not { } audience) return ("1002", "platform and audience");
        if (!IsPlatform(platform)) return ("1003", "platform");
        return AudienceViolation(audience) ?? ContentViolation(push) ?? OptionsViolation(Member(push, "options"));
    }

    /// The addressees, in whatever way they are named.
    public static IEnumerable<string> Recipients(JsonElement push)
    {
        var audience = push.GetProperty("audience");
        return audience.ValueKind == JsonValueKind.String ? ["all"]
            : audience.EnumerateObject().Where(kind => kind.Value.ValueKind == JsonValueKind.Array).SelectMany(kind => kind.Value.EnumerateArray()).Select(one => one.ToString());
    }

    private static (string, string)? AudienceViolation(JsonElement audience)
    {
        if (audience.ValueKind == JsonValueKind.String) return audience.GetString() == "all" ? null : ("1003", "audience");
        if (audience.ValueKind != JsonValueKind.Object || !audience.EnumerateObject().Any()) return ("1003", "audience");
        if (Stranger(audience, Audience) is { } name) return ("1009", name);
        foreach (var kind in audience.EnumerateObject())
            if (kind.Value.ValueKind != JsonValueKind.Array || kind.Value.GetArrayLength() is 0 or > MostIds
                || kind.Value.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String || one.GetString() == "")) return ("1003", kind.Name);
        return null;
    }

    private static (string, string)? ContentViolation(JsonElement push)
    {
        var (notification, message) = (Member(push, "notification"), Member(push, "message"));
        if (notification is null && message is null) return ("1002", "notification or message");
        if (message is { } own && (own.ValueKind != JsonValueKind.Object || Stranger(own, Message) is not null || Text(own, "msg_content") is null)) return ("1003", "message");
        if (notification is not { } shown) return null;
        if (shown.ValueKind != JsonValueKind.Object || Stranger(shown, Notification) is not null) return ("1009", "notification");
        if (Member(shown, "android") is { } android && PartViolation(android, Android, MostAndroid - Size(message), "android") is { } wrong) return wrong;
        return Member(shown, "ios") is { } ios ? PartViolation(ios, Ios, MostIos, "ios") : null;
    }

    private static (string, string)? PartViolation(JsonElement part, string[] known, int most, string name)
    {
        if (part.ValueKind != JsonValueKind.Object) return ("1003", name);
        if (Stranger(part, known) is { } stranger) return ("1009", stranger);
        if (Member(part, "alert") is null) return ("1002", name + ".alert");
        return Size(part) > most ? ("1005", name) : null;
    }

    private static (string, string)? OptionsViolation(JsonElement? options)
    {
        if (options is not { } given) return null;
        if (given.ValueKind != JsonValueKind.Object) return ("1003", "options");
        if (Stranger(given, Options) is { } name) return ("1009", name);
        if (Member(given, "time_to_live") is { } life && !(life.TryGetInt32(out var seconds) && seconds is >= 0 and <= MostLife)) return ("1003", "time_to_live");
        if (Member(given, "apns_production") is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) }) return ("1003", "apns_production");
        return Text(given, "apns_collapse_id") is { } key && Encoding.UTF8.GetByteCount(key) > 64 ? ("1003", "apns_collapse_id") : null;
    }

    private static bool IsPlatform(JsonElement platform) => platform.ValueKind switch
    {
        JsonValueKind.String => platform.GetString() == "all",
        JsonValueKind.Array => platform.GetArrayLength() > 0 && platform.EnumerateArray().All(one => one.ToString() is "android" or "ios" or "hmos" or "quickapp"),
        _ => false,
    };

    private static string? Stranger(JsonElement of, string[] known)
    {
        foreach (var member in of.EnumerateObject())
            if (!known.Contains(member.Name)) return member.Name;
        return null;
    }

    private static int Size(JsonElement? part) => part is { } given ? Encoding.UTF8.GetByteCount(given.GetRawText()) : 0;

    private static string? Text(JsonElement of, string name) => Member(of, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Member(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value : null;
}
