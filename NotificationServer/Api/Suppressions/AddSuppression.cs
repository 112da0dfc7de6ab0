using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Suppressions;

internal static class AddSuppression
{
    public sealed record Request(
        [property: Description("An e-mail address, a phone number or a device token")] string Address,
        [property: Description("push, sms, email or one channel like ios_push")] string Channel,
        [property: Description("hard_bounce, complaint, manual or invalid_token")] string Reason = "manual",
        DateTimeOffset? ExpiresAt = null,
        [property: Description("Only this category; null: everything on the channel")] string? Category = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/suppressions", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(AddSuppression))
        .WithRequestExample("""{"address":"ann@example.com","channel":"email","reason":"manual"}""")
        .WithSummary("Never send to an address, whoever it belongs to; a repeat replaces");

    private static async Task<Results<Ok<SuppressionView>, Problem>> HandleAsync(
        Body<Request> body, SuppressionStore suppressions, CategoryStore categories, Caller caller, TimeProvider clock, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        var address = request.Address;
        if (!SuppressedAddress.IsChannel(request.Channel))
            errors.Add("/channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        else if (!SuppressedAddress.TryParse(request.Channel, request.Address, out address, out var code))
            errors.Add("/address", code, "This is not an address of that channel");
        errors.Check(SuppressionStore.Reasons.Contains(request.Reason), "/reason", "unknown_reason", $"Use one of {string.Join(", ", SuppressionStore.Reasons)}");
        if (request.Category is { } category)
            errors.Check((await categories.UnknownAmongAsync([category], ct)).Count == 0, "/category", "unknown_category", "There is no such category");
        errors.CheckTime(request.ExpiresAt, "/expires_at", clock);
        if (errors.Any)
            return errors.ToProblem();

        var stored = await suppressions.PutAsync(
            new Suppression
            {
                Address = address, Channel = request.Channel, Category = request.Category ?? "", Reason = request.Reason, CreatedBy = caller.Actor,
                ExpiresAt = request.ExpiresAt,
            }, null, ct);
        return TypedResults.Ok(SuppressionView.Of(stored, revealed: true)); // the caller just told it
    }
}
