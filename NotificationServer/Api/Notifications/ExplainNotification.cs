using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Api.Templates;
using NotificationServer.Channels;
using NotificationServer.Channels.Sms;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Api.Notifications;

internal static class ExplainNotification
{
    private const int MostRecipients = 100;

    /// `duplicate_of`: the event id was used for this notification, so that nothing new would be sent; `same_content` false: it would be refused.
    public sealed record Response(
        string? Category, string Lane, string? Template, int? TemplateVersion, string? DuplicateOf, bool SameContent, DecisionAnswer[] Decisions);

    /// One message that would be. `reasons`: every rule that keeps it from going, the one that would be told first. `address` is only
    /// there if the request named it. `provider`: the account that would be asked first, chosen by the routing rule `route_rule` if one fits. `send_at`: when it would be due. `rendered_for`: whether the words
    /// in `rendered` speak of the `recipient` or of an `example`, because this key may not read profiles. `sms`: what those words cost, only of a text message.
    public sealed record DecisionAnswer(
        string? UserId, string? DeviceId, string? Address, string Channel, bool WouldSend, IReadOnlyList<string> Reasons, string? Provider, string? RouteRule,
        DateTimeOffset SendAt, WordsAnswer? Rendered, string? RenderedFor, SmsAnswer? Sms, string? RenderError);

    public sealed record WordsAnswer(string? Title, string? Body, System.Text.Json.JsonElement? Data, string? Subject, string? Text, string? Html);

    /// What the text costs: `encoding` is GSM-7 or UCS-2, `units` are septets or 16-bit units, `segments` are what vendors charge for.
    public sealed record SmsAnswer(string Encoding, int Units, int Segments);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/notifications:explain", HandleAsync)
        .RequireScope(Scopes.NotificationsWrite)
        .WithName(nameof(ExplainNotification))
        .WithSummary("Tell what would become of a notification, without sending it")
        .WithRequestExample("""{"to":[{"user_id":"u_42"},{"email":"ann@example.org"}],"channels":["push","email"],"category":"orders","content":{"title":"Order shipped","body":"It leaves today","subject":"Order shipped","text":"It leaves today."}}""")
        .WithDescription("The same body as for sending, with at most 100 recipients. Decided by the same code as the real thing, at this moment; nothing is stored. "
            + "Words that speak of what is known of a user are only shown to keys with users:write; others see them said of an example (`rendered_for`), and what becomes of each message all the same. "
            + "Limits of a category are not looked at: they count when a message's turn comes.")
        .Produces<Response>();

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        Body<SendNotification.Request> body, Caller caller, Explanation explanation, PhonePolicy phones, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var request = SendRules.Check(body.Value, null, caller, clock.GetUtcNow(), phones, errors);
        errors.Check(request.To.Count <= MostRecipients, "/to", "recipient_count", "At most 100 recipients at once are explained");
        if (errors.Any) return errors.ToProblem();

        var (explained, refused) = await explanation.OfAsync(request, SpokenTo.MayKnow(caller), ct);
        return explained is null ? IntakeProblems.Invalid(refused) : TypedResults.Ok(Describe(explained));
    }

    private static Response Describe(Explained explained)
    {
        var prepared = explained.Prepared;
        return new Response(
            prepared.Category.Key.Length == 0 ? null : prepared.Category.Key,
            prepared.Lane switch
            {
                Queue.Lane.Critical => "critical",
                Queue.Lane.Transactional => "transactional",
                Queue.Lane.Bulk => "bulk",
            },
            prepared.Template?.Key, prepared.TemplateVersion,
            explained.DuplicateOf is { } first ? PrefixedId.Format("ntf", first) : null, explained.SameContent,
            [.. explained.Messages.Select(Describe)]);
    }

    private static DecisionAnswer Describe(ExplainedMessage message) => new(
        message.Recipient.UserId, message.Target.DeviceId, message.Recipient.UserId is null ? message.Target.Address : null, message.Target.Channel,
        message.WouldSend, message.Reasons, message.Provider, message.RouteRule, message.SendAt, Words(message.Rendered),
        message.Rendered is null ? null : message.IsExample ? "example" : "recipient", Segments(message), message.RenderError);

    private static SmsAnswer? Segments(ExplainedMessage message)
    {
        if (message.Target.Channel != Channel.Sms.Name() || message.Rendered?.Text is not { } text) return null;
        var segments = SmsSegments.Of(text);
        return new SmsAnswer(segments.Encoding, segments.Units, segments.Count);
    }

    private static WordsAnswer? Words(Content? content) =>
        content is null ? null : new WordsAnswer(content.Title, content.Body, content.Data, content.Subject, content.Text, content.Html);
}
