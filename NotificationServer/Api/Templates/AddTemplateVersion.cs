using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class AddTemplateVersion
{
    public sealed record Request(TemplateTexts Channels);

    public sealed record Response(string Key, int Version);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates/{key}/versions", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(AddTemplateVersion))
        .WithSummary("Add a draft version; it is used once it is published")
        .WithRequestExample("""{"channels":{"sms":{"body":"Your order {{order_no}} left today"}}}""");

    private static async Task<Results<Created<Response>, Problem>> HandleAsync(
        string key, Body<Request> body, Caller caller, TemplateStore templates, CancellationToken ct)
    {
        var change = await templates.AddVersionAsync(key, body.Value.Channels.ToParts(), caller.Actor, ct);

        return change.Status switch
        {
            TemplateChangeStatus.Done => TypedResults.Created($"/v1/templates/{key}/versions/{change.Version}", new Response(key, change.Version)),
            TemplateChangeStatus.Invalid => TemplateTexts.ProblemOf(change),
            TemplateChangeStatus.NotFound or TemplateChangeStatus.KeyTaken => Problems.NotFound(),
        };
    }
}
