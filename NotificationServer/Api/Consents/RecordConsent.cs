using System.ComponentModel;
using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Api.Consents;

internal static class RecordConsent
{
    private const int MaxSource = 64;
    private const int MaxVersion = 100;
    private static readonly TimeSpan ClockAhead = TimeSpan.FromMinutes(5);

    public sealed record Request(
        [property: Description("push, sms, email or one channel like ios_push")] string Channel,
        bool OptIn,
        [property: Description("Where it was said: checkout, support_call ...")] string Source,
        [property: Description("Null: all categories")] string? Category = null,
        [property: Description("Which words the person was shown: your name for that text")] string? TextVersion = null,
        [property: Description("Null: now")] DateTimeOffset? OccurredAt = null,
        [property: Description("The address that the person's browser had")] string? Ip = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/users/{user_id}/consents", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(RecordConsent))
        .WithRequestExample("""{"channel":"email","category":"offers","opt_in":true,"source":"checkout","text_version":"newsletter-2026-03"}""")
        .WithSummary("Write down what a user said yes or no to, with everything that proves it")
        .WithDescription("Counts like a preference from then on. One that was said before what is stored already changes nothing.");

    private static async Task<Results<Ok<ConsentView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, Body<Request> body, ConsentStore consents, ConsentHistory history, CategoryStore categories,
        Caller caller, TimeProvider clock, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        errors.Check(ChannelNames.Expand(request.Channel).Count > 0, "/channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        errors.CheckText(request.Source, "/source", MaxSource);
        errors.CheckText(request.TextVersion, "/text_version", MaxVersion, required: false);
        errors.Check(request.OccurredAt is not { } at || (at <= clock.GetUtcNow() + ClockAhead && at.Year >= 2000), "/occurred_at", "time_out_of_range", "Use a time in the past");
        IPAddress? ip = null;
        errors.Check(request.Ip is null || IPAddress.TryParse(request.Ip, out ip), "/ip", "invalid_ip", "Use an IPv4 or IPv6 address");
        if (request.Category is { } category)
            errors.Check((await categories.UnknownAmongAsync([category], ct)).Count == 0, "/category", "unknown_category", "There is no such category");
        if (errors.Any)
            return errors.ToProblem();

        var word = new Word(request.Channel, request.Category ?? "", request.OptIn);
        var how = new Said { Source = request.Source, Actor = caller.Actor, TextVersion = request.TextVersion, Ip = ip, OccurredAt = request.OccurredAt };
        return await consents.SayAsync(new PersonalLink { UserId = user.Value }, [word], how, ct)
            && await history.CurrentAsync(user, word.Channel, word.Category, ct) is { } stored
            ? TypedResults.Ok(ConsentView.Of(stored)) : Problems.NotFound();
    }
}
