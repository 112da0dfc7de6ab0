using System.Diagnostics;
using NotificationServer.Recipients;

namespace NotificationServer.Delivery;

/// The last look before a send: blocks, preferences and suppressions as they are now, not as they were at intake.
internal sealed class Gate(RecipientReader recipients)
{
    /// What was read, and when: it goes stale.
    internal sealed record Reading(KnownRecipients Known, long At)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(At);

        public string? Refusal(Brief brief) => ReachRules.Refusal(
            brief.UserId is null ? null : Known.People.GetValueOrDefault(brief.UserId), brief.Channel, brief.Category, brief.Address, Known);
    }

    public async Task<Reading> ReadAsync(IReadOnlyList<Brief> briefs, CancellationToken ct)
    {
        // The age counts from before the question: what was stored while it was under way may not be in the answer.
        var at = Stopwatch.GetTimestamp();
        var users = briefs.Where(brief => brief.UserId is not null).Select(brief => brief.UserId!).Distinct().ToList();
        var addresses = briefs.Select(brief => brief.Address).Distinct().ToList();
        return new Reading(await recipients.ReadForSendingAsync(users, addresses, ct), at);
    }
}
