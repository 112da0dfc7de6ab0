using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Devices;

internal static class ListDevices
{
    private const string List = "devices";

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/users/{user_id}/devices", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(ListDevices))
        .WithSummary("The devices of a user, dead ones too");

    private static async Task<Results<Ok<Page<DeviceView>>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, [AsParameters] PageQuery page, Cursors cursors, DeviceStore devices, CancellationToken ct)
    {
        var list = $"{List}/{user}";
        if (page.Read(cursors, list, 1, out var after) is { } problem)
            return problem;
        if (await devices.ListAsync(user, after?[0] ?? "", page.Size + 1, ct) is not { } found)
            return Problems.NotFound();

        return TypedResults.Ok(Page.Of(found, page.Size, DeviceView.Of, last => cursors.Seal(list, last.Id)));
    }
}
