using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Api.Notifications;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Api.Templates;

internal static class TestTemplate
{
    public sealed record ToBody(string? Email = null, string? Phone = null, string? UserId = null, string? Locale = null, string? TimeZone = null);

    public sealed record Request(
        [property: Description("An e-mail address, a phone or a user: one of them")] ToBody To,
        [property: Description("push, sms or email")] string Channel,
        [property: Description("Left out: the sample data")] JsonElement? Data = null,
        [property: Description("Left out: the latest, published or not")] int? Version = null);

    public sealed record MessageAnswer(string Id, string Channel, string DeliveryStatus, string? Reason);

    public sealed record Response(string NotificationId, int Version, IReadOnlyList<MessageAnswer> Messages);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates/{key}:test", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(TestTemplate))
        .WithSummary("Send a version to oneself")
        .WithRequestExample("""{"to":{"phone":"+41791234567"},"channel":"sms"}""")
        .WithDescription("Through the same pipeline as everything else, marked [Test]. It has no category, so that being opted out of offers does not hide an offer from its author; "
            + "blocks, suppressed addresses and opting out of a channel still count. A few a minute; it is in no template's statistics, and its personal links are examples.")
        .Produces<Response>(StatusCodes.Status202Accepted);

    private static async Task<Results<Accepted<Response>, Problem>> HandleAsync(
        string key, Body<Request> body, DraftReader drafts, TestSend tests, UserStore users, PhonePolicy phones, Caller caller, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        SendRules.CheckObject(request.Data, "/data", errors);
        var to = Recipient(request.To, phones, errors);
        var families = FamilyNames.Of(request.Channel, errors);
        if (errors.Any) return errors.ToProblem();

        var (draft, version, problem) = await drafts.ReadAsync(key, request.Version, ct, latest: true);
        if (draft is null) return problem!; // one of the two is there
        var user = to.UserId is { } id ? await users.FindAsync(new RecipientId(id), ct) : null;
        var result = await tests.SendAsync(new TestOrder(caller.Actor, key, version, to, families[0])
        {
            ClientId = caller.ClientId,
            Sandbox = caller.Sandbox,
            Draft = draft,
            Viewer = new Viewer(request.Data is { ValueKind: JsonValueKind.Object } ? request.Data : null, request.To.Locale ?? user?.Locale, request.To.TimeZone ?? user?.TimeZone) { Person = SpokenTo.Of(user, caller) },
        }, ct);

        return result.Status switch
        {
            TestSendStatus.Sent => Accepted(result.Notification!, version), // it is there when it was sent
            TestSendStatus.CannotSay => Problems.Validation([new FieldError("/channel", "template_error", result.Problem ?? "")]),
            TestSendStatus.TooMany => Problems.RateLimited(result.Wait),
            TestSendStatus.Refused => IntakeProblems.Invalid(result.Errors),
        };
    }

    private static Accepted<Response> Accepted(AcceptedNotification sent, int version)
    {
        var id = PrefixedId.Format("ntf", sent.Id);
        return TypedResults.Accepted($"/v1/notifications/{id}", new Response(id, version,
            [.. sent.Messages.Select(message => new MessageAnswer(PrefixedId.Format("msg", message.Id), message.Channel, message.DeliveryStatus, message.Reason))]));
    }

    private static RecipientReference Recipient(ToBody to, PhonePolicy phones, FieldErrors errors)
    {
        string? email = null, phone = null;
        var given = new[] { to.Email, to.Phone, to.UserId }.Count(one => one is not null);
        errors.Check(given == 1, "/to", "user_or_address", "Give one of email, phone and user_id");
        if (to.Email is not null && !EmailAddress.TryParse(to.Email, out email, out var mailCode)) errors.Add("/to/email", mailCode, "Use one plain address such as ann@example.org");
        if (to.Phone is not null && !phones.Takes(to.Phone, out phone, out var phoneCode)) errors.Add("/to/phone", phoneCode, PhonePolicy.Help(phoneCode));
        if (to.UserId is not null && !RecipientId.IsValid(to.UserId)) errors.Add("/to/user_id", "invalid_id", "1 to 128 of A-Z a-z 0-9 . _ : @ | = + -");
        if (to.Locale is not null && !Place.IsLocale(to.Locale)) errors.Add("/to/locale", "invalid_locale", "Use a BCP 47 tag such as de-CH");
        if (to.TimeZone is not null && !Place.IsTimeZone(to.TimeZone)) errors.Add("/to/time_zone", "unknown_time_zone", "Use an IANA zone such as Europe/Zurich");
        return new RecipientReference(to.UserId, email, phone, to.Locale);
    }
}
