using System.Globalization;
using System.Text.Json;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Preferences;

/// Quiet hours in a patch: absent they stay as they are, null takes them away. The serialiser cannot tell the two apart, hence by hand.
internal static class QuietHoursBody
{
    private const string Form = "HH:mm";
    private const string Pointer = "/quiet_hours";

    /// Null: nothing is changed.
    public static QuietChange? Read(JsonElement body, FieldErrors errors)
    {
        if (body.ValueKind == JsonValueKind.Undefined) return null;
        if (body.ValueKind == JsonValueKind.Null) return new QuietChange(null);
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(Pointer, "wrong_type", "Use an object with from and to, or null");
            return null;
        }

        foreach (var member in body.EnumerateObject().Where(member => member.Name is not ("from" or "to" or "time_zone")))
            errors.Add($"{Pointer}/{member.Name}", "unknown_property", "This field is not known here");
        var (from, to) = (Time(body, "from", errors), Time(body, "to", errors));
        errors.Check(from is null || from != to, $"{Pointer}/to", "empty", "They would begin and end at once");
        return new QuietChange(from is null || to is null ? null : new QuietHours(from.Value, to.Value, Zone(body, errors)));
    }

    public static string Format(TimeOnly time) => time.ToString(Form, CultureInfo.InvariantCulture);

    private static TimeOnly? Time(JsonElement body, string name, FieldErrors errors)
    {
        if (body.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            && TimeOnly.TryParseExact(text.GetString(), Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return time;
        errors.Add($"{Pointer}/{name}", "invalid_time", "Use a time of the day like 22:00");
        return null;
    }

    private static string? Zone(JsonElement body, FieldErrors errors)
    {
        if (!body.TryGetProperty("time_zone", out var zone) || zone.ValueKind == JsonValueKind.Null) return null;
        if (zone.ValueKind == JsonValueKind.String && zone.GetString() is { } name && Place.IsTimeZone(name)) return name;
        errors.Add($"{Pointer}/time_zone", "unknown_time_zone", "Use an IANA zone like Europe/Zurich");
        return null;
    }
}
