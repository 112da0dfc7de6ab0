using System.Diagnostics;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Platform;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Delivery.Routing;

/// Whom a trial reaches. `To` null: only the credentials are checked. Channel null: the account's first; PushProvider null: the account's vendor.
internal sealed record TrialOrder(string? To, string? Channel = null, string? PushProvider = null, string? AppId = null, string? Text = null);

/// Outcome: accepted, not_sent, throttled, transient, permanent, address_dead, misconfigured or unknown.
internal sealed record TrialStep(string Outcome, string? Code, string? Detail, string? ProviderMessageId, double LatencyMs);

/// Check: null where the vendor has no call that proves the credentials and does nothing else. Send: null where there was no address.
internal sealed record TrialResult(TrialStep? Check, TrialStep? Send);

/// Checks an account's credentials and sends one message through it: past all limits and gates, in no list and in no figure.
internal sealed class AccountTrial(ProviderRoutes routes, AuditTrail audit)
{
    private const int LongestText = 300;
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromSeconds(10);

    public async Task<(TrialResult? Result, IReadOnlyList<SettingProblem> Problems)> RunAsync(
        ProviderAccount account, TrialOrder order, string actor, CancellationToken ct)
    {
        var problems = new List<SettingProblem>();
        var message = order.To is null ? null : Message(order, order.To, account, problems);
        if (!OneLine.Is(order.Text, LongestText, required: false)) problems.Add(new("/text", "invalid_text", OneLine.Wanted(LongestText)));
        if (problems.Count > 0 || account.Connection is not { } connection) return (null, problems);

        // Said before it is done: a test costs money and reaches somebody.
        await audit.AppendAsync(new AuditEntry(actor, "provider.test", $"provider:{account.Key}") { After = new() { ["sends"] = message is not null } }, ct);
        var check = connection.Provider is ICredentialCheck checker && connection.TryEnter() ? await CheckAsync(checker, connection, ct) : null;
        var send = message is null ? null : await TimedAsync(() => routes.SendAsync(account, message, CancellationToken.None).AsTask());
        return (new TrialResult(check, send), problems);
    }

    private static async Task<TrialStep> CheckAsync(ICredentialCheck checker, Connection connection, CancellationToken ct)
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

    private static async Task<TrialStep> TimedAsync(Func<Task<SendOutcome>> call)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await call();
        return new TrialStep(outcome.Status.Name(), outcome.Code, outcome.Detail, outcome.ProviderMessageId, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1));
    }

    private static OutboundMessage? Message(TrialOrder order, string to, ProviderAccount account, List<SettingProblem> problems)
    {
        var channel = account.Channels.Count > 0 ? account.Channels[0] : default;
        if (order.Channel is not null && !ChannelNames.TryParse(order.Channel, out channel) || !account.Channels.Contains(channel))
        {
            problems.Add(new("/channel", "unknown_channel", $"This account serves {string.Join(", ", account.Channels.Select(one => one.Name()))}"));
            return null;
        }
        var (id, text) = (Guid.CreateVersion7(), order.Text ?? "A test of this provider account.");
        var vendor = order.PushProvider ?? account.Vendor;
        var code = "";
        var isAddress = channel.Family() switch
        {
            ChannelFamily.Sms => PhoneNumber.TryParse(to, out _, out code),
            ChannelFamily.Email => EmailAddress.TryParse(to, out to, out code),
            ChannelFamily.Push => account.Carries(channel, vendor) && DeviceToken.TryParse(vendor, to, out to, out code),
        };
        if (!isAddress) problems.Add(new("/to", code.Length > 0 ? code : "unknown_provider", $"This is no address for {channel.Name()}"));
        return channel.Family() switch
        {
            ChannelFamily.Sms => new SmsMessage { Id = id, Channel = channel, To = to, Text = text },
            ChannelFamily.Email => new EmailMessage { Id = id, Channel = channel, To = to, Subject = "Test", Text = text },
            ChannelFamily.Push => new PushMessage { Id = id, Channel = channel, Token = to, PushProvider = vendor, AppId = order.AppId, Title = "Test", Body = text },
        };
    }
}
