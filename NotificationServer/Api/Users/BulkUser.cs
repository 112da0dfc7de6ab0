using System.ComponentModel;
using System.Text.Json;
using System.Text.Unicode;
using NotificationServer.Api.Devices;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;

namespace NotificationServer.Api.Users;

/// A user among many: what is named is changed, the rest stays.
public sealed record BulkUser(
    string UserId,
    string? Email = null,
    string? Phone = null,
    string? Locale = null,
    string? TimeZone = null,
    string? Country = null,
    [property: Description("Merged into what is known; a null takes an attribute away")] JsonElement? Attributes = null,
    string[]? Tags = null,
    [property: Description("At most 20; devices that are not named stay")] BulkUser.BulkDevice[]? Devices = null)
{
    public sealed record BulkDevice(
        string DeviceId, string Platform, string PushProvider, string Token, string? AppId = null, string? AppVersion = null, string? Locale = null,
        string? TimeZone = null, string? InstallId = null)
    {
        internal PutDevice.Request Request => new(Platform, PushProvider, Token, AppId, AppVersion, Locale, TimeZone, InstallId);
    }
}

/// A user as it was read, with the names that were there: an address that is null goes, one that is absent stays.
internal readonly record struct ReadUser(BulkUser? User, IReadOnlySet<string> Named, Problem? Problem)
{
    private static readonly HashSet<string> Nothing = [];

    public static ReadUser Of(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return new(null, Nothing, Problems.Malformed("invalid_utf8", "This is not UTF-8", new FieldError("", "invalid_utf8", "This is not UTF-8")));
        try
        {
            if (JsonSerializer.Deserialize(json, UsersJson.Strict.BulkUser) is not { } user)
                return new(null, Nothing, Problems.Malformed("required", "An item must not be null", new FieldError("", "required", "Must not be null")));
            return UnstorableText.FindIn(json) is { } problem ? new(null, Nothing, problem) : new(user, NamesIn(json), null);
        }
        catch (JsonException e)
        {
            return new(null, Nothing, JsonFault.Describe(e));
        }
    }

    private static HashSet<string> NamesIn(ReadOnlySpan<byte> json)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 40 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(reader.GetString() ?? "");
            reader.Read();
            reader.Skip();
        }
        return names;
    }
}
