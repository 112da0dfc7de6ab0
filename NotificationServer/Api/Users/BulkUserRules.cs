using System.Buffers;
using System.Text;
using System.Text.Json;
using NotificationServer.Api.Devices;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Users;

/// Judges a user among many by the same rules as one alone, and puts what is named into its stored form.
internal static class BulkUserRules
{
    private const int MaxDevices = 20;

    /// Null: see the errors.
    public static UserPatch? Check(BulkUser user, IReadOnlySet<string> named, PhonePolicy phones, FieldErrors errors)
    {
        errors.Check(RecipientId.IsValid(user.UserId), "/user_id", "invalid_id", "1 to 128 of A-Z a-z 0-9 . _ : @ | = + -");
        var profile = UserRules.Check(
            new PutUser.Request(user.Email, user.Phone, user.Locale, user.TimeZone, user.Country, user.Attributes, user.Tags), phones, errors);
        var devices = Devices(user.Devices ?? [], errors);
        return errors.Any ? null : new UserPatch(user.UserId, Write(profile, devices, named, user), devices.Count > 0);
    }

    private static List<Device> Devices(BulkUser.BulkDevice[] devices, FieldErrors errors)
    {
        errors.Check(devices.Length <= MaxDevices, "/devices", "too_many", $"At most {MaxDevices} devices");
        var judged = new List<Device>();
        for (var i = 0; i < Math.Min(devices.Length, MaxDevices); i++)
        {
            if (devices[i] is not { } device)
            {
                errors.Add($"/devices/{i}", "required", "Must not be null");
                continue;
            }
            errors.Check(RecipientId.IsValid(device.DeviceId), $"/devices/{i}/device_id", "invalid_id", "1 to 128 of A-Z a-z 0-9 . _ : @ | = + -");
            judged.Add(PutDevice.Check(device.DeviceId, device.Request, errors, $"/devices/{i}"));
        }
        return judged;
    }

    private static string Write(UserProfile profile, List<Device> devices, IReadOnlySet<string> named, BulkUser user)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            void Text(string name, string? value)
            {
                if (named.Contains(name)) json.WriteString(name, value);
            }
            Text("email", profile.Email);
            Text("phone", profile.Phone);
            Text("locale", profile.Locale);
            Text("time_zone", profile.TimeZone);
            Text("country", profile.Country);
            if (user.Attributes is { ValueKind: JsonValueKind.Object } attributes)
            {
                json.WritePropertyName("attributes");
                attributes.WriteTo(json);
            }
            if (named.Contains("tags")) Write(json, "tags", profile.Tags);
            if (devices.Count > 0) Write(json, devices);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, List<Device> devices)
    {
        json.WriteStartArray("devices");
        foreach (var device in devices)
        {
            json.WriteStartObject();
            json.WriteString("id", device.Id);
            json.WriteString("platform", device.Platform);
            json.WriteString("push_provider", device.PushProvider);
            json.WriteString("token", device.Token);
            json.WriteString("app_id", device.AppId);
            json.WriteString("app_version", device.AppVersion);
            json.WriteString("locale", device.Locale);
            json.WriteString("time_zone", device.TimeZone);
            json.WriteString("install_id", device.InstallId);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
