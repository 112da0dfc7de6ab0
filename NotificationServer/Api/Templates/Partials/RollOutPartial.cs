using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Api.Templates.Partials;

internal static class RollOutPartial
{
    private const int MaxNamed = 200;

    public sealed record Request(
        [property: Description("True: nothing is changed, and the answer says what would be")] bool DryRun = false,
        [property: Description("Only these templates; left out: all that hold an older text")] string[]? Templates = null);

    /// ToVersion: the new published version; null where the template stays as it is, and errors say why.
    public sealed record RolledOutTemplate(string Template, int FromVersion, int PartialVersion, int? ToVersion, IReadOnlyList<FieldError> Errors);

    public sealed record Response(
        string Key, int Version, bool DryRun, IReadOnlyList<RolledOutTemplate> Templates,
        [property: Description("There are templates left: the same call again goes on with them")] bool More);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/template-partials/{key}:roll-out", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(RollOutPartial))
        .WithSummary("Bring a partial's newest text into the published templates that hold an older one")
        .WithDescription($"Each gets a new version with this partial renewed and all else as it was, published at once; a newer draft stays the newest. At most {PartialRollOut.MaxTemplates} at once. What was accepted before is said as it was.")
        .WithRequestExample("""{"dry_run":true}""");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string key, Body<Request> body, Caller caller, PartialRollOut rollOut, CancellationToken ct)
    {
        var (dryRun, only) = (body.Value.DryRun, body.Value.Templates);
        var errors = new FieldErrors();
        errors.Check(only is null or { Length: > 0 and <= MaxNamed }, "/templates", "invalid_count", $"Name 1 to {MaxNamed}, or leave it out");
        for (var i = 0; i < Math.Min(only?.Length ?? 0, MaxNamed); i++)
            errors.Check(only![i] is not null, $"/templates/{i}", "required", "Must not be null"); // counted
        if (errors.Any) return errors.ToProblem();

        if (await rollOut.RunAsync(key, only, dryRun, caller.Actor, ct) is not { } report) return Problems.NotFound();
        return TypedResults.Ok(new Response(key, report.Version, dryRun, [.. report.Templates.Select(Of)], report.More));
    }

    private static RolledOutTemplate Of(RolledOut one) => new(
        one.Template, one.From, one.PartialVersion, one.To, [.. one.Errors.Select(error => new FieldError(error.Pointer, error.Code, error.Message))]);
}
