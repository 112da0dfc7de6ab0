using NotificationServer.Admin.Pages.Failures;
using NotificationServer.Channels;

namespace NotificationServer.Admin.Pages.Messages;

/// Which messages, as the URL says it.
internal sealed class MessageQuery
{
    /// Whatever was pasted: an id, an address, a number, a user, an event.
    public string? Q { get; set; }
    public string? Channel { get; set; }
    public string? Lane { get; set; }
    /// What is live: ready, scheduled, retrying, processing. What has ended: sent, delivered ... Failed: what waits for a decision.
    public string? State { get; set; }
    /// The same in the words of the REST call: failed is then what was discarded, too.
    public string? Status { get; set; }
    public string? Provider { get; set; }
    public string? Template { get; set; }
    /// A campaign's id.
    public string? Campaign { get; set; }
    public DateTimeOffset? From { get; set; }
    public DateTimeOffset? To { get; set; }

    public static IReadOnlyList<string> Live { get; } = ["ready", "scheduled", "retrying", "processing"];
    public static IReadOnlyList<string> Ended { get; } = ["failed", "sent", "delivered", "bounced", "suppressed", "expired", "cancelled"];

    public string? Typed => FailureQuery.Given(Q);

    public string[]? Channels => FailureQuery.Given(Channel) is not { } name ? null
        : name == "push" ? ["push", .. Names(name)] : Names(name);

    /// Every channel that has a queue.
    public string[] Queues => FailureQuery.Given(Channel) is { } name ? Names(name) : [.. ChannelNames.All.Select(channel => channel.Name())];

    public short? LaneNumber => FailureQuery.Given(Lane)?.ToLowerInvariant() switch
    {
        "critical" or "0" => (short)Queue.Lane.Critical,
        "transactional" or "1" => (short)Queue.Lane.Transactional,
        "bulk" or "2" => (short)Queue.Lane.Bulk,
        _ => null,
    };

    public short[] Lanes => LaneNumber is { } lane ? [lane] : [0, 1, 2];

    public string? Wanted => FailureQuery.Given(State) ?? FailureQuery.Given(Status) switch
    {
        "queued" => "ready",
        "sending" => "processing",
        var other => other,
    };

    public bool IsDead => FailureQuery.Given(State) == "failed";

    public bool IsLive => Wanted is { } state && Live.Contains(state);

    public bool IsEmpty => Typed is null && (FailureQuery.Given(Channel) ?? FailureQuery.Given(Lane) ?? Wanted ?? FailureQuery.Given(Provider) ?? FailureQuery.Given(Template) ?? FailureQuery.Given(Campaign)) is null
        && From is null && To is null;

    private static string[] Names(string name) => [.. ChannelNames.Expand(name).Select(channel => channel.Name())];
}
