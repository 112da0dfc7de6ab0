using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Notifications;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Notifications;

internal static class SendNotification
{
    public sealed record Request(
        [property: Description("1 to 100,000: users of yours, or bare addresses")] RecipientBody[] To,
        [property: Description("The business event this is about; a repeat within 35 days is answered with the first ids. 1 to 128 of A-Z a-z 0-9 . _ : / -")]
        string? EventId = null,
        [property: Description("Key of a published template; either this or content")] string? Template = null,
        [property: Description("Absent: the published version")] int? TemplateVersion = null,
        [property: Description("Values for the template's variables; a JSON object")] JsonElement? Data = null,
        [property: Description("push, sms, email, or one of ios_push, android_push, web_push. Absent: every channel that there are words for")]
        string[]? Channels = null,
        [property: Description("Decides lane, opt-outs and expiry. Absent: the template's, else transactional")] string? Category = null,
        [property: Description("At most 366 days ahead. Absent: now")] DateTimeOffset? SendAt = null,
        [property: Description("After this it is not sent any more but ends as expired")] DateTimeOffset? ExpiresAt = null,
        [property: Description("False: also in a person's quiet hours. What the category says of them counts otherwise")] bool RespectQuietHours = true,
        [property: Description("Pushes with the same key replace one another on the device")] string? CollapseKey = null,
        OverridesBody? Overrides = null,
        [property: Description("The words themselves, sent as they are; either this or template")] ContentBody? Content = null,
        [property: Description("Your own notes, given back by GET; a JSON object")] JsonElement? Metadata = null,
        [property: Description("Decide everything, deliver to the inbox only")] bool Sandbox = false);

    /// Who: `user_id`, or `email` and/or `phone`.
    public sealed record RecipientBody(
        string? UserId = null,
        string? Email = null,
        [property: Description("E.164 with the plus sign")] string? Phone = null,
        [property: Description("BCP 47; absent: the user's")] string? Locale = null,
        [property: Description("IANA; absent: the user's")] string? TimeZone = null);

    /// Push: title, body, data. SMS: text. E-mail: subject with text and/or html.
    public sealed record ContentBody(
        string? Title = null, string? Body = null, JsonElement? Data = null, string? Text = null, string? Subject = null, string? Html = null);

    public sealed record OverridesBody(EmailOverridesBody? Email = null, PushOverridesBody? Push = null);

    public sealed record EmailOverridesBody(string? From = null, string? ReplyTo = null, string? Provider = null);

    public sealed record PushOverridesBody(int? Badge = null, string? Sound = null, int? TtlSeconds = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/notifications", HandleAsync)
        .RequireScope(Scopes.NotificationsWrite)
        .WithName(nameof(SendNotification))
        .WithSummary("Accept one notification for delivery")
        .WithRequestExample("""{"event_id":"order-1234:shipped","to":[{"user_id":"u_42"},{"email":"ann@example.org"}],"channels":["push","email"],"category":"orders","content":{"title":"Order shipped","body":"It leaves today","subject":"Order shipped","text":"It leaves today."},"metadata":{"source":"billing"}}""")
        .WithDescription("202 means stored and flushed to disk. Delivery to the provider is at least once; opt-outs and the like are no errors but messages with the status `suppressed` and a reason.")
        .Produces<NotificationAnswer>(StatusCodes.Status202Accepted);

    private static async Task<Results<Accepted<NotificationAnswer>, Ok<NotificationAnswer>, ContentHttpResult, Problem>> HandleAsync(
        Body<Request> body, [FromHeader(Name = "Idempotency-Key")] string? key, Caller caller, NotificationIntake intake,
        PhonePolicy phones, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var request = SendRules.Check(body.Value, key, caller, clock.GetUtcNow(), phones, errors);
        if (errors.Any) return errors.ToProblem();

        var result = await intake.AcceptAsync(request, ct);
        return result.Status switch
        {
            IntakeStatus.Accepted => Accept(result.Notification!), // these two always carry it
            IntakeStatus.Deduplicated => TypedResults.Ok(NotificationAnswer.Of(result.Notification!)),
            IntakeStatus.Replayed => Replay(result, http),
            IntakeStatus.EventIdReused => IntakeProblems.EventIdReused(),
            IntakeStatus.IdempotencyMismatch => IntakeProblems.IdempotencyMismatch(),
            IntakeStatus.InProgress => Problems.RequestInProgress(),
            IntakeStatus.Invalid => IntakeProblems.Invalid(result.Errors),
            IntakeStatus.QueueFull => IntakeProblems.QueueFull(),
        };
    }

    private static Accepted<NotificationAnswer> Accept(AcceptedNotification accepted)
    {
        var answer = NotificationAnswer.Of(accepted);
        return TypedResults.Accepted(answer.Links.Self, answer);
    }

    private static ContentHttpResult Replay(IntakeResult result, HttpContext http)
    {
        http.Response.Headers["Idempotent-Replayed"] = "true";
        return TypedResults.Text(result.StoredAnswer, "application/json", statusCode: result.StoredStatus);
    }
}
