using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Blocks;

internal static class PutBlock
{
    private const int MaxReason = 500;

    public sealed record Request(string Reason, [property: Description("Null: until it is taken back")] DateTimeOffset? Until = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPut("/users/{user_id}/block", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(PutBlock))
        .WithRequestExample("""{"reason":"asked by phone","until":null}""")
        .WithSummary("Send nothing to a person, known here or not")
        .WithDescription("Stops every send that starts a second later, whatever its class. Stays when the user is deleted.");

    private static async Task<Results<Ok<BlockView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, Body<Request> body, BlockStore blocks, Caller caller, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.CheckText(body.Value.Reason, "/reason", MaxReason);
        errors.CheckTime(body.Value.Until, "/until", clock);
        if (errors.Any)
            return errors.ToProblem();

        return TypedResults.Ok(BlockView.Of(user, await blocks.PutAsync(user, body.Value.Reason, body.Value.Until, caller.Actor, ct)));
    }
}
