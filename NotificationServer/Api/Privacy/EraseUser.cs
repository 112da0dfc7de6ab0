using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Api.Privacy;

internal static class EraseUser
{
    private const int MaxReason = 500;

    public sealed record Request(string Reason);

    public sealed record Response(
        [property: Description("Messages out of which the person was taken; waiting ones were cancelled")] int Messages,
        [property: Description("Messages that were being sent at this moment and still name the person: ask again")] int InFlight);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/users/{user_id}:erase", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .WithName(nameof(EraseUser))
        .WithRequestExample("""{"reason":"asked by mail"}""")
        .WithSummary("Forget a person for good")
        .WithDescription("What stays is a keyed hash of each address among the suppressions, so that marketing does not start again from an old list; "
            + "where the person was blocked or suppressed, nothing is sent to the address at all.");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, Body<Request> body, PersonEraser eraser, Caller caller, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.CheckText(body.Value.Reason, "/reason", MaxReason);
        if (errors.Any)
            return errors.ToProblem();

        return await eraser.EraseAsync(user, caller.Actor, body.Value.Reason, ct) is { } erased
            ? TypedResults.Ok(new Response(erased.Messages, erased.InFlight)) : Problems.NotFound();
    }
}
