using System.ComponentModel.DataAnnotations;
using System.Net;

namespace NotificationServer.Tracking.Webhooks;

/// How events are told to the systems of those who asked for them.
internal sealed class WebhooksOptions : IValidatableObject
{
    public const string Section = "Webhooks";

    /// How long an endpoint may take for one call, from the look-up of its name to the status of its answer.
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")] public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(20);

    /// How long a claim holds before another node may call; longer than any call by a good margin.
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// How often an idle node looks for what is due, +- 20 %.
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")] public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// Calls of one endpoint at the same time, over all nodes; of one that has failed since its last success there is one.
    [Range(1, 100)] public int PerEndpoint { get; init; } = 8;

    /// Calls of one node at the same time.
    [Range(1, 5000)] public int Slots { get; init; } = 256;

    /// The waits between the tries, +- 20 %. Empty: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
    public IReadOnlyList<TimeSpan> Retries { get; init; } = [];

    /// An endpoint that has only failed for this long is disabled, and an alert is raised.
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")] public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(5);

    /// For how long the former secret signs too after it was rotated.
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")] public TimeSpan SecretOverlap { get; init; } = TimeSpan.FromHours(24);

    /// How long deliveries are kept, with all that was tried: delivered, given up or still waiting.
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")] public TimeSpan Keep { get; init; } = TimeSpan.FromDays(14);

    /// How many endpoints a client may have.
    [Range(1, 1000)] public int EndpointsPerClient { get; init; } = 20;

    /// Networks (10.20.0.0/16, fd00:1234::/32) that may be called although they are not public: systems of one's own.
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// In Development only: `http://` to this very machine, for a receiver that is being written.
    public bool AllowHttpToLoopback { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // A call that is still under way must never be given to somebody else.
        if (Lease < Deadline + Deadline / 2) yield return new($"{Section}:{nameof(Lease)} must be at least one and a half times {Section}:{nameof(Deadline)}");
        if (AllowedNetworks.FirstOrDefault(text => !IPNetwork.TryParse(text, out _)) is { } wrong)
            yield return new($"{Section}:{nameof(AllowedNetworks)}: {wrong} is no network; use the form 10.20.0.0/16");
        if (Retries.Any(wait => wait <= TimeSpan.Zero || wait > TimeSpan.FromDays(7)))
            yield return new($"{Section}:{nameof(Retries)}: a wait is above zero and at most seven days");
    }
}
