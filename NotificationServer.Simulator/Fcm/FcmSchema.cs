using System.Globalization;
using System.Text;
using System.Text.Json;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Fcm;

/// What messages:send takes, in either spelling of a name.
internal static class FcmSchema
{
    private const int MaxPayload = 4096;
    private const int MaxTopicPayload = 2048;
    private const double MaxTtlSeconds = 2_419_200;

    private static readonly Dictionary<string, HashSet<string>> Known = new()
    {
        [""] = ["message", "validate_only"],
        ["message"] = ["name", "data", "notification", "android", "webpush", "apns", "fcm_options", "token", "topic", "condition"],
        ["message.notification"] = ["title", "body", "image"],
        ["message.android"] =
        [
            "collapse_key", "priority", "ttl", "restricted_package_name", "data", "notification", "fcm_options", "direct_boot_ok",
        ],
        ["message.android.notification"] =
        [
            "title", "body", "icon", "color", "sound", "tag", "click_action", "body_loc_key", "body_loc_args", "title_loc_key",
            "title_loc_args", "channel_id", "ticker", "sticky", "event_time", "local_only", "notification_priority",
            "default_sound", "default_vibrate_timings", "default_light_settings", "vibrate_timings", "visibility",
            "notification_count", "light_settings", "image", "bypass_proxy_notification", "proxy",
        ],
        ["message.webpush"] = ["headers", "data", "notification", "fcm_options"],
        ["message.apns"] = ["headers", "payload", "fcm_options", "live_activity_token"],
    };

    /// Null: the request is well formed.
    public static Answer? Violation(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return FcmErrors.Invalid("Invalid JSON payload received.", "");
        if (Unknown(root, "") is { } unknown) return unknown;
        if (!root.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object)
        {
            return FcmErrors.Invalid("Request contains an invalid argument.", "message");
        }

        return Unknown(message, "message")
            ?? UnknownInside(message, "message")
            ?? BadTarget(message)
            ?? BadData(message)
            ?? BadAndroid(message)
            ?? TooLarge(message);
    }

    public static (string Kind, string To) Target(JsonElement message)
    {
        foreach (var kind in (ReadOnlySpan<string>)["token", "topic", "condition"])
        {
            if (message.TryGetProperty(kind, out var to) && to.ValueKind == JsonValueKind.String) return (kind, to.GetString()!); // a string
        }

        return ("", "");
    }

    public static JsonElement? Member(JsonElement parent, string snakeName) =>
        parent.TryGetProperty(snakeName, out var value) || parent.TryGetProperty(Camel(snakeName), out value) ? value : null;

    private static Answer? UnknownInside(JsonElement parent, string path)
    {
        foreach (var member in parent.EnumerateObject())
        {
            var inner = $"{path}.{member.Name}";
            if (!Known.ContainsKey(inner)) continue;
            if (member.Value.ValueKind != JsonValueKind.Object) return FcmErrors.Invalid("Invalid value", inner);
            if ((Unknown(member.Value, inner) ?? UnknownInside(member.Value, inner)) is { } wrong) return wrong;
        }

        return null;
    }

    private static Answer? Unknown(JsonElement parent, string path)
    {
        var known = Known[path];
        foreach (var member in parent.EnumerateObject())
        {
            if (!known.Contains(member.Name) && !known.Contains(Snake(member.Name)))
            {
                return FcmErrors.Invalid($"Invalid JSON payload received. Unknown name \"{member.Name}\" at '{path}': Cannot find field.", path);
            }
        }

        return null;
    }

    private static Answer? BadTarget(JsonElement message)
    {
        var targets = 0;
        foreach (var kind in (ReadOnlySpan<string>)["token", "topic", "condition"])
        {
            if (!message.TryGetProperty(kind, out var to)) continue;
            if (to.ValueKind != JsonValueKind.String) return FcmErrors.Invalid("Invalid value", $"message.{kind}");
            targets++;
        }

        if (targets != 1) return FcmErrors.Invalid("Exactly one of token, topic or condition is required", "message");
        return message.TryGetProperty("token", out var token) && !LooksLikeToken(token.GetString()!) ? FcmErrors.InvalidToken : null; // a string, see above
    }

    private static bool LooksLikeToken(string token) =>
        token.Length is > 0 and <= 4096 && token.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':');

    private static Answer? BadData(JsonElement message)
    {
        if (!message.TryGetProperty("data", out var data)) return null;
        if (data.ValueKind != JsonValueKind.Object) return FcmErrors.Invalid("Invalid value", "message.data");
        foreach (var member in data.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String) return FcmErrors.Invalid("Invalid value (TYPE_STRING)", "message.data[0].value");
            if (Reserved(member.Name)) return FcmErrors.Invalid($"Invalid data payload key: {member.Name}", "message.data", asFcmError: true);
        }

        return null;
    }

    private static bool Reserved(string key) =>
        key is "from" or "gcm" or "message_type"
        || key.StartsWith("google", StringComparison.Ordinal) || key.StartsWith("gcm.", StringComparison.Ordinal);

    private static Answer? BadAndroid(JsonElement message)
    {
        if (Member(message, "android") is not { } android) return null;
        if (Member(android, "priority") is { } priority
            && !(priority.ValueKind == JsonValueKind.String && priority.GetString() is "normal" or "high" or "NORMAL" or "HIGH"))
        {
            return FcmErrors.Invalid("Invalid value", "message.android.priority");
        }

        return Member(android, "ttl") is { } ttl && !IsDuration(ttl) ? FcmErrors.Invalid("Invalid ttl", "message.android.ttl") : null;
    }

    private static bool IsDuration(JsonElement ttl) =>
        ttl.ValueKind == JsonValueKind.String
        && ttl.GetString() is { } text && text.EndsWith('s')
        && double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= MaxTtlSeconds;

    private static Answer? TooLarge(JsonElement message)
    {
        var shared = Weight(message, "data") + Weight(message, "notification");
        var android = Member(message, "android") is { } a ? Weight(a, "data") + Weight(a, "notification") : 0;
        var webpush = Member(message, "webpush") is { } w ? Weight(w, "data") + Weight(w, "notification") : 0;
        var apns = Member(message, "apns") is { } i && Member(i, "payload") is { } payload ? Encoding.UTF8.GetByteCount(payload.GetRawText()) : 0;
        var limit = message.TryGetProperty("token", out _) ? MaxPayload : MaxTopicPayload;
        return shared + Math.Max(android, webpush) > limit || apns > MaxPayload
            ? FcmErrors.Invalid("Message is too big", "message", asFcmError: true)
            : null;
    }

    /// Bytes of keys and values.
    private static int Weight(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var block) || block.ValueKind != JsonValueKind.Object) return 0;
        var bytes = 0;
        foreach (var member in block.EnumerateObject())
        {
            bytes += Encoding.UTF8.GetByteCount(member.Name)
                + Encoding.UTF8.GetByteCount(member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText()); // a string
        }

        return bytes;
    }

    private static string Camel(string snake)
    {
        if (!snake.Contains('_', StringComparison.Ordinal)) return snake;
        var parts = snake.Split('_');
        return parts[0] + string.Concat(parts.Skip(1).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }

    private static string Snake(string camel) => JsonNamingPolicy.SnakeCaseLower.ConvertName(camel);
}
