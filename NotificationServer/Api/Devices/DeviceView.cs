using NotificationServer.Recipients;

namespace NotificationServer.Api.Devices;

/// A device as callers see one; `retired_at` is set when the provider said that its token is dead.
public sealed record DeviceView(
    string Id, string Platform, string PushProvider, string Token, string? AppId, string? AppVersion, string? Locale, string? TimeZone,
    string? InstallId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? RetiredAt, string? RetiredReason)
{
    internal static DeviceView Of(Device device) => new(
        device.Id, device.Platform, device.PushProvider, device.Token, device.AppId, device.AppVersion, device.Locale, device.TimeZone,
        device.InstallId, device.CreatedAt, device.UpdatedAt, device.RetiredAt, device.RetiredReason);
}
