using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

internal static class AddTemplateVersion
{
    public sealed record Request(
        TemplateTexts Channels,
        [property: Description(VersionBody.AboutDefaultLocale)] string? DefaultLocale = null,
        [property: Description(VersionBody.AboutLocales)] IReadOnlyDictionary<string, TemplateTexts>? Locales = null,
        [property: Description(VersionBody.AboutSchema)] JsonElement? VariablesSchema = null,
        [property: Description(VersionBody.AboutSample)] JsonElement? SampleData = null,
        [property: Description("True: it is published at once")] bool Publish = false);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates/{key}/versions", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(AddTemplateVersion))
        .WithSummary("Add a draft version; it is used once it is published")
        .WithDescription("A version is whole, and never changed: what is left out here it does not have. Of the partials that it names it keeps copies as they are now.")
        .WithRequestExample("""{"channels":{"sms":{"body":"Your order {{order_no}} left today"}},"locales":{"de":{"sms":{"body":"Ihre Bestellung {{order_no}} ist unterwegs"}}}}""");

    private static async Task<Results<Created<VersionAnswer>, Problem>> HandleAsync(
        string key, Body<Request> body, Caller caller, TemplateStore templates, CancellationToken ct)
    {
        var request = body.Value;
        var source = VersionBody.Source(request.Channels, request.DefaultLocale, request.Locales, request.VariablesSchema, request.SampleData);
        var change = await templates.AddVersionAsync(key, source, caller.Actor, ct, request.Publish);

        return change.Status switch
        {
            TemplateChangeStatus.Done => TypedResults.Created($"/v1/templates/{key}/versions/{change.Version}", VersionAnswer.Of(key, change)),
            TemplateChangeStatus.Invalid => VersionBody.ProblemOf(change),
            TemplateChangeStatus.Archived => VersionBody.Archived(),
            TemplateChangeStatus.NotFound or TemplateChangeStatus.KeyTaken or TemplateChangeStatus.Changed => Problems.NotFound(),
        };
    }
}
