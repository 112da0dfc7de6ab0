using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Preferences;

internal static class PutPreferences
{
    private const int MostItems = 1000;
    private const int MaxSource = 64;
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    public sealed record Item(
        string UserId,
        [property: Description("push, sms, email, or one channel like ios_push")] string Channel,
        bool OptIn,
        [property: Description("Where it was said")] string Source,
        [property: Description("Absent: for every category")] string? Category = null,
        [property: Description("When it was said; a later word that is known already stays. Absent: now")] DateTimeOffset? OccurredAt = null);

    /// `operation_id` is always null: everything was stored before this answer, and nothing is left to follow.
    public sealed record Response(string? OperationId, ItemAnswer[] Results);

    /// 200: stored, or a later word is known already; 404: there is no such user; 422: see the problem.
    public sealed record ItemAnswer(
        int Index, int Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProblemDocument? Problem = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/preferences:batch", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .AllowBulkBody()
        .WithMetadata(CostsItsItems.Instance)
        .WithName(nameof(PutPreferences))
        .WithSummary("Store what many users want")
        .WithRequestExample("""[{"user_id":"example","channel":"email","category":"offers","opt_in":false,"source":"crm","occurred_at":"2026-01-31T10:00:00Z"}]""")
        .WithDescription("Wishes are judged one by one, and all good ones are stored by one commit. Of two words on the same thing the later one counts, in whatever order they come.")
        .Produces<Response>(StatusCodes.Status202Accepted);

    private static async Task<Results<JsonHttpResult<Response>, Problem>> HandleAsync(
        Body<Item[]> body, Caller caller, KeyLimits limits, PreferenceBatch preferences, CategoryStore categories, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var items = body.Value;
        if (items.Length is 0 or > MostItems)
            return Problems.Validation(new FieldError("", "item_count", $"1 to {MostItems} items"));
        if (limits.Charge(http, caller, items.Length) is { } limited)
            return limited;

        var unknown = (await categories.UnknownAmongAsync(items.Select(item => item?.Category).OfType<string>().Distinct().ToArray(), ct)).ToHashSet();
        var (said, places, answers) = (new List<SaidPreference>(), new List<int>(), new ItemAnswer[items.Length]);
        for (var i = 0; i < items.Length; i++)
        {
            var errors = Check(items[i], unknown, clock.GetUtcNow());
            answers[i] = errors.Any ? Answer(i, errors.ToProblem(), http) : new ItemAnswer(i, StatusCodes.Status200OK);
            if (errors.Any) continue;
            said.Add(new SaidPreference(items[i].UserId, items[i].Channel, items[i].Category ?? "", items[i].OptIn, items[i].Source, items[i].OccurredAt));
            places.Add(i);
        }

        var strangers = said.Count == 0 ? new HashSet<int>() : await preferences.PutAsync(said, caller.Actor, ct);
        foreach (var place in strangers)
            answers[places[place]] = Answer(places[place], Problems.NotFound(), http);
        return TypedResults.Json(new Response(null, answers), statusCode: StatusCodes.Status202Accepted);
    }

    private static ItemAnswer Answer(int index, Problem problem, HttpContext http) => new(index, problem.Status, problem.DocumentFor(http));

    private static FieldErrors Check(Item? item, HashSet<string> unknownCategories, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        if (item is null)
        {
            errors.Add("", "required", "Must not be null");
            return errors;
        }
        errors.Check(RecipientId.IsValid(item.UserId), "/user_id", "invalid_id", "1 to 128 of A-Z a-z 0-9 . _ : @ | = + -");
        errors.Check(ChannelNames.Expand(item.Channel).Count > 0, "/channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        errors.Check(item.Category is null || !unknownCategories.Contains(item.Category), "/category", "unknown_category", "There is no such category");
        errors.CheckText(item.Source, "/source", MaxSource);
        errors.Check(item.OccurredAt is null || (item.OccurredAt >= Earliest && item.OccurredAt <= now + MostAhead),
            "/occurred_at", "time_out_of_range", "Use a time since 2000 that has come");
        return errors;
    }
}
