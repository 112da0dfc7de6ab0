using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Api.Templates.Partials;

internal static class DeletePartial
{
    private const int MaxNamed = 20;

    public static void Map(RouteGroupBuilder v1) => v1.MapDelete("/template-partials/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(DeletePartial))
        .WithSummary("Give up a partial")
        .WithDescription("409 while the published version or the newest draft of a template uses it, or another partial does; the answer names them. Older versions keep their copies.");

    private static async Task<Results<NoContent, Problem>> HandleAsync(string key, PartialStore partials, Caller caller, CancellationToken ct)
    {
        var change = await partials.DeleteAsync(key, caller.Actor, ct);
        return change.Status switch
        {
            PartialChangeStatus.Done => TypedResults.NoContent(),
            PartialChangeStatus.InUse => Problems.Conflict("wrong_state", $"It is used by {Named(change.Users)}"),
            PartialChangeStatus.NotFound or PartialChangeStatus.Changed or PartialChangeStatus.Invalid or PartialChangeStatus.KeyTaken => Problems.NotFound(),
        };
    }

    private static string Named(IReadOnlyList<string> users) =>
        string.Join(", ", users.Take(MaxNamed)) + (users.Count > MaxNamed ? $" and {users.Count - MaxNamed} more" : "");
}
