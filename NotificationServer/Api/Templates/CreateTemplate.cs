using System.ComponentModel;
using System.Text.Json;
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
        [property: Description("The category of notifications that name none themselves")] string? Category = null,
        [property: Description(VersionBody.AboutDefaultLocale)] string? DefaultLocale = null,
        [property: Description(VersionBody.AboutLocales)] IReadOnlyDictionary<string, TemplateTexts>? Locales = null,
        [property: Description(VersionBody.AboutSchema)] JsonElement? VariablesSchema = null,
        [property: Description(VersionBody.AboutSample)] JsonElement? SampleData = null,
        [property: Description("False: version 1 is a draft, and notifications cannot name the template before one is published")] bool Publish = true);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(CreateTemplate))
        .WithSummary("Create a template and publish its first version")
        .WithRequestExample("""{"key":"order-shipped","name":"Order shipped","category":"orders","default_locale":"en","channels":{"email":{"subject":"Order {{order_no}}","text":"It left today."},"sms":{"body":"Order {{order_no}} left today"}},"locales":{"de":{"sms":{"body":"Bestellung {{order_no}} ist unterwegs"}}},"variables_schema":{"type":"object","required":["order_no"],"properties":{"order_no":{"type":"string","maxLength":20}}},"sample_data":{"order_no":"1234"}}""");

    private static async Task<Results<Created<VersionAnswer>, Problem>> HandleAsync(
        Body<Request> body, Caller caller, TemplateStore templates, CancellationToken ct)
    {
        var request = body.Value;
        var source = VersionBody.Source(request.Channels, request.DefaultLocale, request.Locales, request.VariablesSchema, request.SampleData);
        var change = await templates.CreateAsync(request.Key, request.Name, request.Category, source, caller.Actor, ct, request.Publish);

        return change.Status switch
        {
            TemplateChangeStatus.Done => TypedResults.Created($"/v1/templates/{request.Key}", VersionAnswer.Of(request.Key, change)),
            TemplateChangeStatus.Invalid => VersionBody.ProblemOf(change),
            TemplateChangeStatus.KeyTaken => Problems.Conflict("key_taken", "There is a template of this key: add a version to it"),
            TemplateChangeStatus.Changed or TemplateChangeStatus.Archived or TemplateChangeStatus.NotFound => Problems.NotFound(),
        };
    }
}
