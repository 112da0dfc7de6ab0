using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class PublishTemplate
{
    public sealed record Request([property: Description("Left out: the latest")] int? Version = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates/{key}:publish", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(PublishTemplate))
        .WithSummary("Make a version the one that new notifications use")
        .WithRequestExample("""{"version":1}""");

    private static async Task<Results<Ok<VersionAnswer>, Problem>> HandleAsync(
        string key, Body<Request> body, Caller caller, TemplateStore templates, CancellationToken ct)
    {
        var change = await templates.PublishAsync(key, body.Value.Version, caller.Actor, ct);

        return change.Status switch
        {
            TemplateChangeStatus.Done => TypedResults.Ok(VersionAnswer.Of(key, change)),
            TemplateChangeStatus.Invalid => VersionBody.ProblemOf(change),
            TemplateChangeStatus.Archived => VersionBody.Archived(),
            TemplateChangeStatus.NotFound or TemplateChangeStatus.KeyTaken or TemplateChangeStatus.Changed => Problems.NotFound(),
        };
    }
}
