using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Suppressions;

internal static class RemoveSuppression
{
    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/suppressions", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(RemoveSuppression))
        .WithSummary("Send to an address again, whatever kept it and for whichever category");

    private static async Task<Results<NoContent, Problem>> HandleAsync(
        string address, string channel, SuppressionStore suppressions, Caller caller, CancellationToken ct)
    {
        if (!SuppressedAddress.IsChannel(channel) || !SuppressedAddress.TryParse(channel, address, out var stored, out _))
            return Problems.NotFound();

        return await suppressions.DeleteAsync(stored, channel, caller.Actor, ct) ? TypedResults.NoContent() : Problems.NotFound();
    }
}
