using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Suppressions;

internal static class ListSuppressions
{
    private const string List = "suppressions";

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/suppressions", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(ListSuppressions))
        .WithSummary("Addresses that are not sent to, in their alphabetical order");

    private static async Task<Results<Ok<Page<SuppressionView>>, Problem>> HandleAsync(
        string? address, string? channel, [AsParameters] PageQuery page, Cursors cursors, SuppressionStore suppressions, CancellationToken ct)
    {
        if (page.Read(cursors, List, 2, out var after) is { } problem)
            return problem;
        if (channel is not null && !SuppressedAddress.IsChannel(channel))
            return Problems.InvalidParameter("query:channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        if (address?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.InvalidParameter("query:address", "nul_character", "Contains a NUL character");

        var found = await suppressions.ListAsync(address, channel, after?[0] ?? "", after?[1] ?? "", page.Size + 1, ct);
        return TypedResults.Ok(Page.Of(found, page.Size, SuppressionView.Of, last => cursors.Seal(List, last.Address, last.Channel)));
    }
}
