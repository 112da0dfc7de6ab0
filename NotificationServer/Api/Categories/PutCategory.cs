using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

internal static class PutCategory
{
    private const int MaxName = 100;
    private const int MaxExpirySeconds = 30 * 24 * 3600;
    private const int MaxDescription = 500;
    private const int MaxChannels = 10;
    private const int MaxLimitCount = 1000;
    private const int MaxLimitSeconds = 366 * 24 * 3600;

    public sealed record Request(
        string Name,
        [property: Description("critical, transactional or marketing: decides the lane, and whether an opt-out applies")] string Class,
        [property: Description("A message that was not sent by then is not sent any more; null: it always is")] int? ExpiresAfterSeconds = null,
        [property: Description("For people who choose what they want")] string? Description = null,
        [property: Description("Channels that it may use: push, sms, email or one channel; null: all")] string[]? Channels = null,
        [property: Description("False: nobody gets it who did not say yes to it")] bool DefaultOptIn = true,
        [property: Description("What becomes of it in a person's quiet hours: ignore, defer or expire. Null: ignore if it is critical, else defer")] string? QuietHours = null,
        [property: Description("How often a person is told; null: as often as asked")] LimitBody? Limit = null);

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
        CategoryKey key, Body<Request> body, CategoryStore categories, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        errors.CheckText(request.Name, "/name", MaxName);
        errors.Check(CategoryStore.Classes.Contains(request.Class), "/class", "unknown_class", $"Use one of {string.Join(", ", CategoryStore.Classes)}");
        errors.Check(request.ExpiresAfterSeconds is null or (> 0 and <= MaxExpirySeconds), "/expires_after_seconds", "out_of_range", $"Use 1 to {MaxExpirySeconds}");
        CheckRest(request, errors);
        if (errors.Any)
            return errors.ToProblem();

        var category = new Category
        {
            Key = key.Value,
            Name = request.Name,
            Class = request.Class,
            ExpiresAfter = request.ExpiresAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Description = request.Description ?? "",
            Channels = request.Channels?.Distinct().ToArray(),
            DefaultOptIn = request.DefaultOptIn,
            QuietHours = request.QuietHours ?? (request.Class == "critical" ? "ignore" : "defer"),
            LimitCount = request.Limit?.Count,
            LimitPer = request.Limit is { } limit ? TimeSpan.FromSeconds(limit.PerSeconds) : null,
            LimitPolicy = request.Limit?.Policy,
        };
        await categories.PutAsync(category, ct);
        return TypedResults.Ok(CategoryView.Of(category));
    }

    private static void CheckRest(Request request, FieldErrors errors)
    {
        errors.CheckText(request.Description, "/description", MaxDescription, required: false);
        errors.Check(request.Channels is not { Length: 0 or > MaxChannels }, "/channels", "invalid_count", "Name a channel, or leave channels out");
        for (var i = 0; i < Math.Min(request.Channels?.Length ?? 0, MaxChannels); i++)
            errors.Check(ChannelNames.Expand(request.Channels![i] ?? "").Count > 0, $"/channels/{i}", "unknown_channel", "Use push, sms, email or one channel like ios_push"); // counted
        errors.Check(request.QuietHours is null || CategoryStore.QuietPolicies.Contains(request.QuietHours),
            "/quiet_hours", "unknown_policy", $"Use one of {string.Join(", ", CategoryStore.QuietPolicies)}");
        if (request.Limit is not { } limit)
            return;
        errors.Check(limit.Count is > 0 and <= MaxLimitCount, "/limit/count", "out_of_range", $"Use 1 to {MaxLimitCount}");
        errors.Check(limit.PerSeconds is > 0 and <= MaxLimitSeconds, "/limit/per_seconds", "out_of_range", $"Use 1 to {MaxLimitSeconds}");
        errors.Check(CategoryStore.LimitPolicies.Contains(limit.Policy), "/limit/policy", "unknown_policy", $"Use one of {string.Join(", ", CategoryStore.LimitPolicies)}");
    }
}
