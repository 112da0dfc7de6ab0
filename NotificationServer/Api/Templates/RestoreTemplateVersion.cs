using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class RestoreTemplateVersion
{
    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates/{key}/versions/{version}:restore", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(RestoreTemplateVersion))
        .WithSummary("Make a new draft that is equal to an older version")
        .WithDescription("To the copies of its partials. Publish the draft to use it; publishing the older version itself does the same without a new number.");

    private static async Task<Results<Created<VersionAnswer>, Problem>> HandleAsync(
        string key, int version, Caller caller, TemplateStore templates, CancellationToken ct)
    {
        var change = await templates.RestoreAsync(key, version, caller.Actor, ct);

        return change.Status switch
        {
            TemplateChangeStatus.Done => TypedResults.Created($"/v1/templates/{key}/versions/{change.Version}", VersionAnswer.Of(key, change)),
            TemplateChangeStatus.Invalid => VersionBody.ProblemOf(change),
            TemplateChangeStatus.Archived => VersionBody.Archived(),
            TemplateChangeStatus.NotFound or TemplateChangeStatus.KeyTaken or TemplateChangeStatus.Changed => Problems.NotFound(),
        };
    }
}
