using System.ComponentModel.DataAnnotations;
using IPNetwork = System.Net.IPNetwork;

namespace NotificationServer.Platform.Health;

/// What this node says of itself to load balancers and orchestrators, and how it leaves them.
internal sealed class HealthOptions : IValidatableObject
{
    public const string Section = "Health";

    private static readonly TimeSpan InProduction = TimeSpan.FromSeconds(5);

    /// How long a node that was told to stop goes on answering while `/healthz/ready` is red already: long enough for every load balancer to
    /// have noticed (its interval times its number of failures, and a second more). Null: 5 s, and none in Development. Nodes that nobody calls do not wait.
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan? DrainDelay { get; init; }

    /// A worker whose claims have not worked for this long, and a poll, is not ready.
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan WorkersWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// Addresses of these networks (10.1.0.0/16) are told which check says what, like this machine; the others hear only the verdict.
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    public TimeSpan DrainDelayIn(IHostEnvironment environment) => DrainDelay ?? (environment.IsDevelopment() ? TimeSpan.Zero : InProduction);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from text in AllowedNetworks
        where !IPNetwork.TryParse(text, out _)
        select new ValidationResult($"{Section}:{nameof(AllowedNetworks)}: {text} is no network; use the form 10.1.0.0/16");
}
