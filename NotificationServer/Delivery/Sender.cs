using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Delivery;

/// One attempt of one message, from the last look at the person's wishes to the provider's answer.
internal sealed class Sender(
    Gate gate, Composer composer, ProviderRoutes routes, Doorkeeper door, ProviderGates gates, Verdict verdict, DeadAddresses deadAddresses, CallNotes calls,
    IOptions<DeliveryOptions> options, LeaseGuard lease, Hold hold, IHostApplicationLifetime life, ILogger<Sender> log)
{
    /// What attempts say where there was no account to call.
    public const string Nobody = "none";

    public async Task<JobResult> SendAsync(Brief brief, Gate.Reading reading, CancellationToken ct)
    {
        var job = brief.Job;
        if (!lease.OutlivesACall(job, brief.Channel))
            return new JobResult { Job = job, Delay = TimeSpan.Zero };
        if (job.ExpiresAt is { } expiry && expiry <= job.DatabaseTimeAt(Stopwatch.GetTimestamp()))
            return Ended(job, MessageStatus.Expired, "Its time was over before it could be sent.");
        if (hold.OfCampaign(brief) is { } waits)
            return waits;
        (brief, reading) = await gate.RefreshAsync(brief, reading, options.Value.ConsentMaxAge, ct);
        var judged = reading.Judge(brief);
        if (judged.Refusal is { } refusal)
            return Ended(job, MessageStatus.Suppressed, refusal);
        // Held back by the person's own wishes: nothing has failed, so nothing is counted.
        if (judged.Wait is { } quiet)
            return new JobResult { Job = job, Delay = quiet };
        var route = routes.Of(brief.QueryOf(reading.CountryOf(brief)));
        if (hold.Of(brief, route) is { } held)
            return held;

        var (message, words) = await composer.ComposeAsync(brief, reading.PersonFor(brief), ct);
        if (message is null)
        {
            // Nobody can mend by repeating what a profile does not say, and there may be as many of them as a campaign has people.
            if (words.LacksOfPerson is { } variable)
                return Ended(job, MessageStatus.Suppressed, RenderResult.TemplateError) with { Code = $"profile_lacks:{variable}" };
            Log.NotRendered(log, job.Id, words.ErrorMessage ?? "");
            return Ended(job, MessageStatus.Failed, $"{RenderResult.TemplateError}: {words.ErrorMessage}") with { Code = RenderResult.TemplateError };
        }
        // The node stops, or the lease was lost meanwhile: nothing has left, so nothing is counted.
        if (life.ApplicationStopping.IsCancellationRequested || !lease.OutlivesACall(job, brief.Channel))
            return new JobResult { Job = job, Delay = TimeSpan.Zero };
        // Rendering takes time too: whoever said no since then is heard.
        if (reading.Age > options.Value.ConsentMaxAge && (await gate.ReadAsync([brief], ct)).Judge(brief) is var late && late != default)
            return late.Refusal is { } said ? Ended(job, MessageStatus.Suppressed, said) : new JobResult { Job = job, Delay = late.Wait ?? TimeSpan.Zero };
        if (LostAccount(brief, route) is { } lost)
            return Ended(job, MessageStatus.Failed, $"It may have been sent by {lost}, an account that is there no more.") with { Code = "account_removed" };
        var entry = await door.EnterAsync(brief, route, ct);
        return entry.Refused is { } wait ? new JobResult { Job = job, Delay = wait } : await CallAsync(brief, message, route, entry);
    }

    /// The account that may have accepted it, if that was removed since: nobody can repeat it safely any more, and a person decides.
    private string? LostAccount(Brief brief, AccountRoute route) =>
        brief is { Job.Unknowns: > 0, LastAccount: { } last } && last != Nobody && !routes.Knows(last) && route.Candidates.All(account => account.Key != last) ? last : null;

    private async Task<JobResult> CallAsync(Brief brief, OutboundMessage message, AccountRoute route, Doorkeeper.Entry entry)
    {
        var (job, account) = (brief.Job, entry.Account?.Key ?? Nobody);
        var started = Stopwatch.GetTimestamp();
        if (entry.Account is not null && account != (brief.LastAccount ?? route.Candidates[0].Key))
            await calls.NoteAsync(job.Id, account, CancellationToken.None);
        FailPoints.Pass("before_socket_write");
        // Dies the process from here on, the leased job is the record of an open attempt, and the rescuer writes "unknown".
        // Not cancelled by shutdown: a send cut short only turns "sent" into "unknown". Its own deadline bounds it.
        var outcome = entry.Account is { } chosen ? await routes.SendAsync(chosen, message, CancellationToken.None) : ProviderRoutes.NoProvider(brief.Channel);
        var finished = Stopwatch.GetTimestamp();

        gates.Report(account, outcome, entry.IsProbe);
        if (outcome.Status == SendStatus.AddressDead)
            await deadAddresses.RetireAsync(new(job.Id, brief.UserId, brief.Channel, brief.Address, brief.PushProvider, entry.Account?.Vendor ?? Nobody, account, outcome.Code) { Since = outcome.DeadSince }, CancellationToken.None);
        var call = new Verdict.Call(account, outcome, job.DatabaseTimeAt(started), job.DatabaseTimeAt(finished), HasOthers: route.Candidates.Count > 1);
        return verdict.Of(brief, call) with { Rule = route.Rule };
    }

    private static JobResult Ended(Job job, MessageStatus end, string reason) => new() { Job = job, End = end, Reason = reason };
}
