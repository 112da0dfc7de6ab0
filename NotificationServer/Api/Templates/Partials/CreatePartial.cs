using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Api.Templates.Partials;

internal static class CreatePartial
{
    public sealed record Request(
        [property: Description("What texts include it by: {{> key}}, or as a layout {{#> key}} ... {{/key}}; a-z, 0-9, - and _")] string Key,
        string Name,
        [property: Description("What the HTML of a mail includes")] string? Html = null,
        [property: Description("What all other texts include")] string? Text = null,
        [property: Description("By BCP 47 tag, what is said differently there: de-CH falls back to de, then to html and text")] IReadOnlyDictionary<string, PartialLocale>? Locales = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/template-partials", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(CreatePartial))
        .WithSummary("Create a text that templates share")
        .WithDescription("A layout holds {{> @partial-block}} where the template's own text comes. A template version keeps a copy of the partials that it uses.")
        .WithRequestExample("""{"key":"footer","name":"Footer of our mails","html":"<p>Example Ltd, 1 High Street</p>","text":"Example Ltd, 1 High Street","locales":{"de":{"text":"Example AG, Hauptstrasse 1"}}}""");

    private static async Task<Results<Created<PartialAnswer>, Problem>> HandleAsync(Body<Request> body, Caller caller, PartialStore partials, CancellationToken ct)
    {
        var request = body.Value;
        var change = await partials.CreateAsync(request.Key, request.Name, PartialLocale.ToTexts(request.Html, request.Text, request.Locales), caller.Actor, ct);

        return change.Status switch
        {
            PartialChangeStatus.Done => TypedResults.Created($"/v1/template-partials/{request.Key}", new PartialAnswer(request.Key, change.Version)),
            PartialChangeStatus.Invalid => VersionBody.ProblemOf(change.Errors),
            PartialChangeStatus.KeyTaken => Problems.Conflict("key_taken", "There is a partial of this key: change it"),
            PartialChangeStatus.NotFound or PartialChangeStatus.Changed or PartialChangeStatus.InUse => Problems.NotFound(),
        };
    }
}
