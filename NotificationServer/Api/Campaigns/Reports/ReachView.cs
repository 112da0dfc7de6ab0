using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;

namespace NotificationServer.Api.Campaigns.Reports;

/// `audience` = `reached` + the sum of `excluded`: people. `channels` has messages, which may be several for one person.
public sealed record ReachView(
    DateTimeOffset At, long Audience, bool Counted, bool Exact, int Sampled, long Reached, IReadOnlyDictionary<string, long> Excluded, long Messages,
    long HeldByQuietHours, long HeldByFrequencyCap, IReadOnlyList<ReachView.Part> Channels)
{
    public sealed record Part(string Channel, long Messages, long People, IReadOnlyDictionary<string, long> Excluded);

    internal static ReachView Of(Reach reach) => new(
        reach.At, reach.Audience, reach.IsCounted, reach.IsExact, reach.Sampled, reach.Reached, Of(reach.Excluded), reach.Messages, reach.HeldByQuietHours,
        reach.HeldByFrequencyCap, [.. reach.Channels.Select(channel => new Part(channel.Channel, channel.Messages, channel.People, Of(channel.Excluded)))]);

    internal static Problem Refused(IReadOnlyList<PlanError> faults)
    {
        var errors = new FieldErrors();
        foreach (var fault in faults) errors.Add(fault.Pointer, fault.Code, fault.Message);
        return errors.ToProblem();
    }

    private static Dictionary<string, long> Of(IReadOnlyList<ReachReason> reasons) => reasons.ToDictionary(one => one.Reason, one => one.Count, StringComparer.Ordinal);
}
