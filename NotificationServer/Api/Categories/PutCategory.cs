using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

internal static class PutCategory
{
    public sealed record Request(
        string Name,
        [property: Description("critical, transactional or marketing: decides the lane, and whether an opt-out applies")] string Class,
        [property: Description("A message that was not sent by then is not sent any more; null: it always is")] int? ExpiresAfterSeconds = null,
        [property: Description("For people who choose what they want")] string? Description = null,
        [property: Description("Channels that it may use: push, sms, email or one channel; null: all")] string[]? Channels = null,
        [property: Description("False: nobody gets it who did not say yes to it")] bool DefaultOptIn = true,
        [property: Description("What becomes of it in a person's quiet hours: ignore, defer or expire. Null: ignore if it is critical, else defer")] string? QuietHours = null,
        [property: Description("How often a person is told; null: as often as asked")] LimitBody? Limit = null,
        [property: Description("What it is called in other languages, for people who choose what they want; null: as it was")] Dictionary<string, string>? Names = null);

    public sealed record LimitBody(
        [property: Description("1 to 1,000")] int Count,
        [property: Description("1 second to 366 days")] int PerSeconds,
        [property: Description("What becomes of one too many: defer (it waits for its turn), drop (it ends as frequency_capped) or merge (of those that wait the newest is sent)")] string Policy);

    public static void Map(RouteGroupBuilder v1) => v1.MapPut("/categories/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(PutCategory))
        .WithRequestExample("""{"name":"Offers and news","class":"marketing","expires_after_seconds":86400,"description":"About once a week","channels":["email","push"],"default_opt_in":true,"quiet_hours":"defer","limit":{"count":3,"per_seconds":604800,"policy":"merge"}}""")
        .WithSummary("Create or change a kind of message");

    private static async Task<Results<Ok<CategoryView>, Problem>> HandleAsync(
        CategoryKey key, Body<Request> body, CategoryStore categories, Caller caller, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        var category = new Category
        {
            Key = key.Value,
            Name = request.Name,
            Class = request.Class,
            ExpiresAfter = request.ExpiresAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Description = request.Description ?? "",
            Channels = request.Channels,
            DefaultOptIn = request.DefaultOptIn,
            QuietHours = request.QuietHours ?? (request.Class == "critical" ? "ignore" : "defer"),
            LimitCount = request.Limit?.Count,
            LimitPer = request.Limit is { } limit ? TimeSpan.FromSeconds(limit.PerSeconds) : null,
            LimitPolicy = request.Limit?.Policy,
            Names = request.Names is { } names ? JsonSerializer.Serialize(names) : null,
        };
        CategoryRules.Check(category, errors.Add);
        if (errors.Any)
            return errors.ToProblem();

        return TypedResults.Ok(CategoryView.Of(await categories.PutAsync(category with { Channels = category.Channels?.Distinct().ToArray() }, caller.Actor, ct)));
    }
}
