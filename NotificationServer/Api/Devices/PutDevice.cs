using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Api.Users;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Devices;

internal static class PutDevice
{
    private const int MaxName = 200;

    public sealed record Request(
        [property: Description("ios, android, web, windows or macos")] string Platform,
        [property: Description("Whose token it is: apns, fcm, jpush, pushy or webpush")] string PushProvider,
        [property: Description("For webpush the browser's subscription as JSON text")] string Token,
        [property: Description("Bundle id or package name")] string? AppId = null,
        string? AppVersion = null,
        string? Locale = null,
        string? TimeZone = null,
        [property: Description("The same for this app on this physical device however often it is set up again; whatever had it before makes way")] string? InstallId = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPut("/users/{user_id}/devices/{device_id}", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(PutDevice))
        .WithRequestExample("""{"platform":"android","push_provider":"fcm","token":"cGxlYXNl:APA91b-token","app_id":"com.example.app"}""")
        .WithSummary("Register a device of a user; a token that another device had moves here");

    private static async Task<Results<NoContent, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, [FromRoute(Name = "device_id")] RecipientId device,
        Body<Request> body, DeviceStore devices, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var registered = Check(device.Value, body.Value, errors);
        return errors.Any ? errors.ToProblem()
            : await devices.PutAsync(user, registered, ct) ? TypedResults.NoContent()
            : Problems.NotFound();
    }

    /// At: where in the body it stands.
    internal static Device Check(string id, Request request, FieldErrors errors, string at = "")
    {
        var knownPlatform = DeviceToken.Platforms.Contains(request.Platform);
        var knownProvider = DeviceToken.PushProviders.Contains(request.PushProvider);
        errors.Check(knownPlatform, $"{at}/platform", "unknown_platform", $"Use one of {string.Join(", ", DeviceToken.Platforms)}");
        errors.Check(knownProvider, $"{at}/push_provider", "unknown_push_provider", $"Use one of {string.Join(", ", DeviceToken.PushProviders)}");
        errors.Check(!knownPlatform || !knownProvider || DeviceToken.CanServe(request.PushProvider, request.Platform),
            $"{at}/push_provider", "wrong_platform", $"{request.PushProvider} does not reach this platform");
        if (!DeviceToken.TryParse(request.PushProvider, request.Token, out var token, out var code) && knownProvider)
            errors.Add($"{at}/token", code, DeviceToken.Explain(request.PushProvider, code));
        errors.CheckText(request.AppId, $"{at}/app_id", MaxName, required: false);
        errors.CheckText(request.AppVersion, $"{at}/app_version", MaxName, required: false);
        errors.CheckText(request.InstallId, $"{at}/install_id", MaxName, required: false);
        UserRules.CheckPlace(request.Locale, request.TimeZone, errors, at);

        return new Device
        {
            Id = id,
            Platform = request.Platform,
            PushProvider = request.PushProvider,
            Token = token,
            AppId = request.AppId,
            AppVersion = request.AppVersion,
            Locale = request.Locale,
            TimeZone = request.TimeZone,
            InstallId = request.InstallId,
        };
    }
}
