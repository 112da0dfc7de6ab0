using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Notifications;

internal static class SendBatch
{
    private const int MostItems = 1000;
    private const int MostRecipients = 50_000;

    public sealed record Request([property: Description("1 to 1,000 notifications, with 50,000 recipients at most in all")] SendNotification.Request[] Items);

    /// `operation_id` is always null: everything was stored before this answer, and nothing is left to follow.
    public sealed record Response(string? OperationId, ItemAnswer[] Results);

    /// 202: accepted; 200: its event id had been accepted before, under this id; 422: see the problem.
    public sealed record ItemAnswer(
        int Index, int Status,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProblemDocument? Problem = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/notifications:batch", HandleAsync)
        .RequireScope(Scopes.NotificationsWrite)
        .AllowBulkBody()
        .WithMetadata(CostsItsItems.Instance)
        .WithName(nameof(SendBatch))
        .WithSummary("Accept many notifications with one call and one commit")
        .WithRequestExample("""{"items":[{"event_id":"order-1:paid","to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"Paid","text":"Thank you."}},{"to":[{"user_id":"u_42"}],"channels":["push"],"content":{"title":"Paid","body":"Thank you."}}]}""")
        .WithDescription("Items are accepted or refused one by one, in their order; a refused item never fails the call. All that is accepted is stored by one commit before the answer. A problem's pointers start at its item.")
        .Produces<Response>(StatusCodes.Status202Accepted);

    private static async Task<Results<JsonHttpResult<Response>, ContentHttpResult, Problem>> HandleAsync(
        BatchBody body, [FromHeader(Name = "Idempotency-Key")] string? key, Caller caller, BatchIntake intake, KeyLimits limits,
        PhonePolicy phones, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (Refuse(body, key) is { } refused) return refused;
        if (limits.Charge(http, caller, body.Items.Count) is { } limited) return limited;

        var problems = new Problem?[body.Items.Count];
        var requests = Check(body, caller, clock.GetUtcNow(), phones, problems);
        string Describe(IReadOnlyList<BatchItem> items) => JsonSerializer.Serialize(Answer(items, problems, http), NotificationJson.Strict.BatchResponse);
        var result = await intake.AcceptAsync(caller.ClientId, requests, key is null ? null : new BatchKey(key, HashOf(body, caller), Describe), ct);
        return result.Status switch
        {
            IntakeStatus.Replayed => Replay(result, http),
            IntakeStatus.IdempotencyMismatch => IntakeProblems.IdempotencyMismatch(),
            IntakeStatus.QueueFull => IntakeProblems.QueueFull(),
            IntakeStatus.InProgress => Problems.RequestInProgress(),
            IntakeStatus.Accepted or IntakeStatus.Deduplicated or IntakeStatus.EventIdReused or IntakeStatus.Invalid =>
                TypedResults.Json(Answer(result.Items, problems, http), NotificationJson.Strict.BatchResponse, statusCode: StatusCodes.Status202Accepted),
        };
    }

    private static Problem? Refuse(BatchBody body, string? key)
    {
        var errors = new FieldErrors();
        SendRules.CheckKey(key, errors);
        errors.Check(body.Items.Count is > 0 and <= MostItems, "/items", "item_count", $"1 to {MostItems} items");
        errors.Check(body.Items.Sum(item => item.Request?.To.Length ?? 0) <= MostRecipients, "/items", "recipient_count", $"At most {MostRecipients} recipients in all");
        return errors.Any ? errors.ToProblem() : null;
    }

    private static NotificationRequest?[] Check(BatchBody body, Caller caller, DateTimeOffset now, PhonePolicy phones, Problem?[] problems)
    {
        var requests = new NotificationRequest?[problems.Length];
        var errors = new FieldErrors();
        for (var i = 0; i < requests.Length; i++)
        {
            if (body.Items[i].Request is not { } item)
            {
                problems[i] = body.Items[i].Problem;
                continue;
            }
            var request = SendRules.Check(item, null, caller, now, phones, errors);
            if (errors.Any) (problems[i], errors) = (errors.ToProblem(), new FieldErrors());
            else requests[i] = request;
        }
        return requests;
    }

    private static Response Answer(IReadOnlyList<BatchItem> items, Problem?[] problems, HttpContext http)
    {
        var answers = new ItemAnswer[items.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = items[i].Status switch
            {
                IntakeStatus.Accepted => new ItemAnswer(i, StatusCodes.Status202Accepted, PrefixedId.Format("ntf", items[i].Id)),
                IntakeStatus.Deduplicated => new ItemAnswer(i, StatusCodes.Status200OK, PrefixedId.Format("ntf", items[i].Id)),
                IntakeStatus.EventIdReused => Refused(i, IntakeProblems.EventIdReused(), http),
                IntakeStatus.Invalid => Refused(i, problems[i] ?? IntakeProblems.Invalid(items[i].Errors), http),
                IntakeStatus.Replayed or IntakeStatus.IdempotencyMismatch or IntakeStatus.InProgress or IntakeStatus.QueueFull =>
                    throw new InvalidOperationException($"{items[i].Status} is of a whole call, not of an item"),
            };
        }
        return new Response(null, answers);
    }

    /// An item that could not be read is 422 like one whose values will not do: the call itself was read.
    private static ItemAnswer Refused(int index, Problem problem, HttpContext http) =>
        new(index, StatusCodes.Status422UnprocessableEntity, Problem: (problem with { Status = StatusCodes.Status422UnprocessableEntity }).DocumentFor(http));

    private static ContentHttpResult Replay(BatchResult result, HttpContext http)
    {
        http.Response.Headers["Idempotent-Replayed"] = "true";
        return TypedResults.Text(result.StoredAnswer, "application/json", statusCode: result.StoredStatus);
    }

    /// Whether two calls ask for the same: of what was read, not of the bytes.
    private static byte[] HashOf(BatchBody body, Caller caller)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([caller.Sandbox ? (byte)1 : (byte)0]);
        foreach (var item in body.Items)
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(item.Request, NotificationJson.Strict.Request));
        return hash.GetHashAndReset();
    }
}
