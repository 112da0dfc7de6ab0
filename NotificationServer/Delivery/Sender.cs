using System.Diagnostics;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Gates;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using Npgsql;

namespace NotificationServer.Delivery;

/// One attempt of one message, from the last look at the person's wishes to the provider's answer.
internal sealed class Sender(
    Gate gate, Composer composer, ProviderRoutes routes, Doorkeeper door, ProviderGates gates, Verdict verdict, DeadAddresses deadAddresses, CallNotes calls,
    SendMetrics metrics, IOptions<DeliveryOptions> options, LeaseGuard lease, Hold hold, IHostApplicationLifetime life, ILogger<Sender> log)
{
    /// What attempts say where there was no account to call.
    public const string Nobody = "none";

    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    public Task<JobResult> SendAsync(Brief brief, Gate.Reading reading, CancellationToken ct) =>
        brief.Trace is null ? AttemptAsync(brief, reading, ct) : TracedAsync(brief, reading, ct);

    private async Task<JobResult> TracedAsync(Brief brief, Gate.Reading reading, CancellationToken ct)
    {
        using var span = SendSpan.Begin(brief);
        var result = await AttemptAsync(brief, reading, ct);
        if (span is not null) SendSpan.End(span, result);
        return result;
    }

    private async Task<JobResult> AttemptAsync(Brief brief, Gate.Reading reading, CancellationToken ct)
    {
        var job = brief.Job;
        if (!lease.OutlivesACall(job, brief.Channel))
            return new JobResult { Job = job, Delay = TimeSpan.Zero };
        if (IsExpired(job))
            return Expired(job);
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
        if (IsTooLate(brief))
            return new JobResult { Job = job, Delay = TimeSpan.Zero };
        if (LostAccount(brief, route) is { } lost)
            return Ended(job, MessageStatus.Failed, $"It may have been sent by {lost}, an account that is there no more.") with { Code = "account_removed" };
        var entry = await door.EnterAsync(brief, route, ct);
        return entry.Refused is { } wait ? new JobResult { Job = job, Delay = wait } : await CallAsync(brief, reading, message, route, entry);
    }

    /// The node stops, or the lease was lost meanwhile: nothing has left, so nothing is counted.
    private bool IsTooLate(Brief brief) => life.ApplicationStopping.IsCancellationRequested || !lease.OutlivesACall(brief.Job, brief.Channel);

    /// Not null: it does not begin. Asked when the words are ready and every wait is over (for the account's moment, for the note of the
    /// call, for a connection): whoever said no during them is heard, and nothing but the call comes after.
    private async ValueTask<JobResult?> HeldBackAsync(Brief brief, Gate.Reading reading)
    {
        var job = brief.Job;
        try
        {
            if (reading.Age > options.Value.ConsentMaxAge && (await gate.ReadAsync([brief], CancellationToken.None)).Judge(brief) is var late && late != default)
                return late.Refusal is { } said ? Ended(job, MessageStatus.Suppressed, said) : new JobResult { Job = job, Delay = late.Wait ?? TimeSpan.Zero };
        }
        catch (NpgsqlException e)
        {
            // If a person's wishes cannot be read, nothing is sent.
            Log.QueueUnavailable(log, job.Channel, e);
            return new JobResult { Job = job, Delay = AfterTrouble };
        }
        if (IsExpired(job))
            return Expired(job);
        return IsTooLate(brief) ? new JobResult { Job = job, Delay = TimeSpan.Zero } : null;
    }

    /// The last look of a call that waits for a connection, taken when it has one.
    private sealed class Waiting(Sender sender, Brief brief, Gate.Reading reading)
    {
        public JobResult? HeldBack { get; private set; }

        public async ValueTask<bool> MayBeginAsync() => (HeldBack = await sender.HeldBackAsync(brief, reading)) is null;
    }

    /// The account that may have accepted it, if that was removed since: nobody can repeat it safely any more, and a person decides.
    private string? LostAccount(Brief brief, AccountRoute route) =>
        brief is { Job.Unknowns: > 0, LastAccount: { } last } && last != Nobody && !routes.Knows(last) && route.Candidates.All(account => account.Key != last) ? last : null;

    private async Task<JobResult> CallAsync(Brief brief, Gate.Reading reading, OutboundMessage message, AccountRoute route, Doorkeeper.Entry entry)
    {
        var (job, account) = (brief.Job, entry.Account?.Key ?? Nobody);
        // Of a call that is held back after all, the note stays. It only matters after an unknown outcome, and there is none without a
        // call; whichever call comes next is noted again if it goes elsewhere.
        if (entry.Account is not null && account != (brief.LastAccount ?? route.Candidates[0].Key))
            await calls.NoteAsync(job.Id, account, CancellationToken.None);
        // Its moment is lost then, and a probe's turn passes with its time.
        if (await HeldBackAsync(brief, reading) is { } held)
            return held;
        var waiting = entry.Account?.Connection?.Queues == true ? new Waiting(this, brief, reading) : null;
        var start = waiting is null ? null : new CallStart(waiting.MayBeginAsync);
        var started = Stopwatch.GetTimestamp();
        FailPoints.Pass("before_socket_write");
        // Dies the process from here on, the leased job is the record of an open attempt, and the rescuer writes "unknown".
        // Not cancelled by shutdown: a send cut short only turns "sent" into "unknown". Its own deadline bounds it.
        var outcome = entry.Account is { } chosen ? await routes.SendAsync(chosen, message, start, CancellationToken.None) : ProviderRoutes.NoProvider(brief.Channel);
        var finished = Stopwatch.GetTimestamp();
        // The account had no part in it: neither its breaker nor anybody's attempts hear of it.
        if (outcome.CalledNobody)
            return waiting?.HeldBack ?? verdict.InVain(job);
        started = start?.At ?? started;

        metrics.Called(brief.Channel, account, outcome.Status, started, finished);
        gates.Report(account, outcome, entry.IsProbe);
        if (outcome.Status == SendStatus.AddressDead)
            await deadAddresses.RetireAsync(new(job.Id, brief.UserId, brief.Channel, brief.Address, brief.PushProvider, entry.Account?.Vendor ?? Nobody, account, outcome.Code) { Since = outcome.DeadSince }, CancellationToken.None);
        var call = new Verdict.Call(account, outcome, job.DatabaseTimeAt(started), job.DatabaseTimeAt(finished), HasOthers: route.Candidates.Count > 1);
        return verdict.Of(brief, call) with { Rule = route.Rule };
    }

    private static bool IsExpired(Job job) => job.ExpiresAt is { } expiry && expiry <= job.DatabaseTimeAt(Stopwatch.GetTimestamp());

    private static JobResult Expired(Job job) => Ended(job, MessageStatus.Expired, "Its time was over before it could be sent.");

    private static JobResult Ended(Job job, MessageStatus end, string reason) => new() { Job = job, End = end, Reason = reason };
}
