using Microsoft.Extensions.Options;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Watch;

/// Tells people: whom nobody has told yet, and once. Any node that keeps house may do it.
internal sealed class Teller(
    Tellings tellings, WebhookClient webhooks, AlertMail mail, AlertPlace place, IOptions<AlertsOptions> options, ILogger<Teller> log)
{
    /// Longer than any call may take.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    public IReadOnlyCollection<string> Channels { get; } = [.. options.Value.Channels.Keys];

    public async Task RunOnceAsync(CancellationToken ct)
    {
        if (Channels.Count == 0) return;
        await tellings.PlanAsync(Channels, ct);
        var due = await tellings.ClaimAsync(Channels, Lease, ct);
        // At the same time: one place that does not answer must not keep the others waiting.
        await Task.WhenAll(due.Select(one => TellAsync(one, ct)));
    }

    /// Without the database: nobody remembers who was told, so whoever calls this does. The names of those that could not be told.
    public async Task<IReadOnlyList<string>> ShoutAsync(AlertText text)
    {
        var failed = new List<string>();
        foreach (var name in Channels)
        {
            if (await ShoutAsync(name, text) is not { } problem) continue;
            failed.Add(name);
            Log.ChannelFailed(log, name, problem);
        }
        return failed;
    }

    /// Null: it arrived. A mail goes by the other mail server, if there is one.
    public async Task<string?> ShoutAsync(string channel, AlertText text)
    {
        if (!options.Value.Channels.TryGetValue(channel, out var to)) return "there is no such channel";
        return to.Url is { } url ? Problem(await webhooks.PostAsync(new Uri(url), text.ToSlack())) : (await mail.FallBackAsync(to.Email, text)).Problem;
    }

    /// For somebody who wants to see that it works: a mail goes the way that alerts go.
    public async Task<string?> TestAsync(string channel, CancellationToken ct)
    {
        if (!options.Value.Channels.TryGetValue(channel, out var to)) return "there is no such channel";
        return to.Url is null ? (await mail.QueueAsync(to.Email, AlertText.Test, $"alert-test:{Guid.CreateVersion7():N}", ct)).Problem : await ShoutAsync(channel, AlertText.Test);
    }

    private async Task TellAsync(Telling one, CancellationToken ct)
    {
        var to = options.Value.Channels[one.Channel];
        var text = AlertText.Of(one, place.Base);
        var (told, problem) = to.Url is { } url ? await PostAsync(url, text) : await MailAsync(one, to, text, ct);
        if (problem is not null) Log.ChannelFailed(log, one.Channel, problem);
        // Dies the process here, it is told once more: better than not at all. Some of the mailboxes are enough, and the rest is a remark.
        if (told) await tellings.ToldAsync(one, problem, CancellationToken.None);
        if (told || problem is null) return;
        var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, 10 * Math.Pow(2, Math.Min(one.Tries - 1, 10))));
        await tellings.FailedAsync(one, problem, wait, one.Now - one.CreatedAt > options.Value.GiveUpAfter, CancellationToken.None);
    }

    /// First through our own queue; when it is looked at again and has not gone out, through the other mail server.
    private async Task<(bool Told, string? Problem)> MailAsync(Telling one, AlertChannel to, AlertText text, CancellationToken ct)
    {
        if (one.NotificationId is null)
        {
            var (queued, refused) = await mail.QueueAsync(to.Email, text, $"alert:{one.AlertId:N}:{one.Event}:{one.Channel}", ct);
            if (queued is not { } notification) return mail.HasFallback ? await mail.FallBackAsync(to.Email, text) : (false, refused);
            await tellings.HandedOverAsync(one, notification, options.Value.FallbackAfter, CancellationToken.None);
            return (false, null);
        }
        var (sent, all) = await mail.SentAsync(one.NotificationId.Value, ct);
        if (sent > 0) return (true, sent == all ? null : $"our own queue has sent it to {sent} of {all} mailboxes");
        return mail.HasFallback ? await mail.FallBackAsync(to.Email, text) : (false, "our own queue has not sent it, and there is no other mail server (Alerts:Smtp)");
    }

    private async Task<(bool Told, string? Problem)> PostAsync(string url, AlertText text)
    {
        var problem = Problem(await webhooks.PostAsync(new Uri(url), text.ToSlack()));
        return (problem is null, problem);
    }

    private static string? Problem(WebhookAnswer answer) => answer.IsDelivered ? null : $"{answer.Error}{(answer.HttpStatus is { } status ? $" ({status})" : "")}";
}
