using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class CreateTemplate
{
    public sealed record Request(
        [property: Description("What notifications name it by: a-z, 0-9, - and _")] string Key,
        string Name,
        TemplateTexts Channels,
        [property: Description("The category of notifications that name none themselves")] string? Category = null);

    public sealed record Response(string Key, int Version);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(CreateTemplate))
        .WithSummary("Create a template and publish its first version")
        .WithRequestExample("""{"key":"order-shipped","name":"Order shipped","category":"orders","channels":{"email":{"subject":"Order {{order_no}}","text":"It left today."},"sms":{"body":"Order {{order_no}} left today"}}}""");

    private static async Task<Results<Created<Response>, Problem>> HandleAsync(
        Body<Request> body, Caller caller, TemplateStore templates, CancellationToken ct)
    {
        var request = body.Value;
        var change = await templates.CreateAsync(request.Key, request.Name, request.Category, request.Channels.ToParts(), caller.Actor, ct);

        return change.Status switch
        {
            TemplateChangeStatus.Done => TypedResults.Created($"/v1/templates/{request.Key}", new Response(request.Key, change.Version)),
            TemplateChangeStatus.Invalid => TemplateTexts.ProblemOf(change),
            TemplateChangeStatus.KeyTaken => Problems.Conflict("key_taken", "There is a template of this key: add a version to it"),
            TemplateChangeStatus.NotFound => Problems.NotFound(),
        };
    }
}
