using System.ComponentModel;
using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Providers;

internal static class TestProvider
{
    private const int LongestText = 300;
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromSeconds(10);

    public sealed record Request(
        [property: Description("A phone number, a mail address or a push token; null: only the credentials are checked")] string? To = null,
        [property: Description("Where the account serves several")] string? Channel = null,
        [property: Description("Whose token it is; absent: the account's vendor")] string? PushProvider = null,
        [property: Description("Of the token; absent: the account's own app")] string? AppId = null,
        [property: Description("At most 300 characters")] string? Text = null);

    /// `check`: null where the vendor has no call that proves the credentials and does nothing else. `send`: null where there was no address.
    public sealed record Response(Step? Check, Step? Send);

    /// `outcome`: accepted, not_sent, throttled, transient, permanent, address_dead, misconfigured or unknown.
    public sealed record Step(string Outcome, string? Code, string? Detail, string? ProviderMessageId, double LatencyMs);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/providers/{account}:test", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(TestProvider))
        .WithSummary("Check an account's credentials, and send one message through it")
        .WithDescription("From the node that answers, past all limits and gates, also of an account that is not enabled. The message is in no list and in no figure.")
        .WithRequestExample("""{"to":"+41791234567","text":"A test of the new account"}""");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string account, Body<Request> body, ProviderAccounts accounts, ProviderRoutes routes, AuditTrail audit, Caller caller, CancellationToken ct)
    {
        if (accounts.Find(account) is not { } found) return Problems.NotFound();
        if (found.Connection is not { } connection) return Problems.Conflict("wrong_state", $"This account cannot be used: {found.Problem}");
        var errors = new FieldErrors();
        var message = body.Value.To is null ? null : Message(body.Value, found, errors);
        errors.CheckText(body.Value.Text, "/text", LongestText, required: false);
        if (errors.Any) return errors.ToProblem();

        // Said before it is done: a test costs money and reaches somebody.
        await audit.AppendAsync(new AuditEntry(caller.Actor, "provider.test", $"provider:{account}") { After = new() { ["sends"] = message is not null } }, ct);
        var check = connection.Provider is ICredentialCheck checker && connection.TryEnter() ? await CheckAsync(checker, connection, ct) : null;
        var send = message is null ? null : await TimedAsync(() => routes.SendAsync(found, message, CancellationToken.None).AsTask());
        return TypedResults.Ok(new Response(check, send));
    }

    private static async Task<Step> CheckAsync(ICredentialCheck checker, Channels.Accounts.Connection connection, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(CheckDeadline);
        try
        {
            return await TimedAsync(() => checker.CheckAsync(deadline.Token));
        }
        finally
        {
            connection.Leave();
        }
    }

    private static async Task<Step> TimedAsync(Func<Task<SendOutcome>> call)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await call();
        return new Step(outcome.Status.Name(), outcome.Code, outcome.Detail, outcome.ProviderMessageId, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1));
    }

    private static OutboundMessage? Message(Request request, ProviderAccount account, FieldErrors errors)
    {
        var channel = account.Channels.Count > 0 ? account.Channels[0] : default;
        if (request.Channel is not null && !ChannelNames.TryParse(request.Channel, out channel) || !account.Channels.Contains(channel))
        {
            errors.Add("/channel", "unknown_channel", $"This account serves {string.Join(", ", account.Channels.Select(one => one.Name()))}");
            return null;
        }
        var (id, to, text) = (Guid.CreateVersion7(), request.To ?? "", request.Text ?? "A test of this provider account.");
        var vendor = request.PushProvider ?? account.Vendor;
        var code = "";
        var isAddress = channel.Family() switch
        {
            ChannelFamily.Sms => PhoneNumber.TryParse(to, out _, out code),
            ChannelFamily.Email => EmailAddress.TryParse(to, out to, out code),
            ChannelFamily.Push => account.Carries(channel, vendor) && DeviceToken.TryParse(vendor, to, out to, out code),
        };
        errors.Check(isAddress, "/to", code.Length > 0 ? code : "unknown_provider", $"This is no address for {channel.Name()}");
        return channel.Family() switch
        {
            ChannelFamily.Sms => new SmsMessage { Id = id, Channel = channel, To = to, Text = text },
            ChannelFamily.Email => new EmailMessage { Id = id, Channel = channel, To = to, Subject = "Test", Text = text },
            ChannelFamily.Push => new PushMessage { Id = id, Channel = channel, Token = to, PushProvider = vendor, AppId = request.AppId, Title = "Test", Body = text },
        };
    }
}
