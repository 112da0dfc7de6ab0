using System.Text.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Users;

/// A user as callers see one.
public sealed record UserView(
    string Id, string? Email, string? Phone, string? Locale, string? TimeZone, string? Country, JsonElement Attributes, string[] Tags,
    int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, UserView.UserLinks Links)
{
    public sealed record UserLinks(string Self, string Devices, string Preferences);

    internal static UserView Of(StoredUser user)
    {
        var self = $"/v1/users/{Uri.EscapeDataString(user.Id)}";
        using var attributes = JsonDocument.Parse(user.Attributes);
        return new UserView(
            user.Id, user.Email, user.Phone, user.Locale, user.TimeZone, user.Country, attributes.RootElement.Clone(), user.Tags,
            user.Version, user.CreatedAt, user.UpdatedAt, new UserLinks(self, $"{self}/devices", $"{self}/preferences"));
    }
}
