using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Devices;

internal static class DeleteDevice
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/users/{user_id}/devices/{device_id}", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(DeleteDevice))
        .WithSummary("Forget a device");

    private static async Task<Results<NoContent, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, [FromRoute(Name = "device_id")] RecipientId device, DeviceStore devices, CancellationToken ct) =>
        await devices.DeleteAsync(user, device, ct) ? TypedResults.NoContent() : Problems.NotFound();
}
