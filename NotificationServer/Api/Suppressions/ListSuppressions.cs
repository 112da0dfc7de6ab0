using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Suppressions;

internal static class ListSuppressions
{
    private const string List = "suppressions";

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/suppressions", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(ListSuppressions))
        .WithSummary("Addresses that are not sent to, newest first, masked")
        .WithDescription("With `reveal=true` and the scope personal:read the addresses are told in full, which the audit log keeps.");

    private static async Task<Results<Ok<Page<SuppressionView>>, Problem>> HandleAsync(
        string? address, string? channel, [Description("Tell the addresses in full")] bool? reveal, [AsParameters] PageQuery page,
        Cursors cursors, SuppressionStore suppressions, AuditTrail audit, Caller caller, CancellationToken ct)
    {
        if (page.Read(cursors, List, 1, out var after) is { } problem)
            return problem;
        if (reveal == true && !caller.Scopes.Contains(Scopes.PersonalRead))
            return Problems.MissingScope(Scopes.PersonalRead);
        if (channel is not null && !SuppressedAddress.IsChannel(channel))
            return Problems.InvalidParameter("query:channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        if (address?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.InvalidParameter("query:address", "nul_character", "Contains a NUL character");

        long? before = after is null ? null : long.Parse(after[0], CultureInfo.InvariantCulture); // our own words, sealed
        var found = await suppressions.ListAsync(address, channel, before, page.Size + 1, ct);
        if (reveal == true && found.Count > 0)
            await audit.AppendAsync(new AuditEntry(caller.Actor, "personal.reveal", "suppressions") { After = new() { ["rows"] = Math.Min(found.Count, page.Size) } }, ct);
        // Who asks for an address knows it.
        return TypedResults.Ok(Page.Of(found, page.Size, row => SuppressionView.Of(row, reveal == true || row.Address == address),
            last => cursors.Seal(List, last.Id.ToString(CultureInfo.InvariantCulture))));
    }
}
