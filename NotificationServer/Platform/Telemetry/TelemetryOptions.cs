using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Platform.Telemetry;

internal enum OtlpProtocol
{
    Grpc,
    HttpProtobuf,
}

/// Where traces and metrics are pushed to, in OpenTelemetry's own protocol. As it stands, nowhere.
internal sealed class TelemetryOptions : IValidatableObject
{
    public const string Section = "Telemetry";

    /// The collector: `http://collector:4317` (gRPC) or `http://collector:4318` (HTTP).
    public Uri? OtlpEndpoint { get; init; }

    public OtlpProtocol OtlpProtocol { get; init; } = OtlpProtocol.Grpc;

    /// What the collector wants to see of us: `authorization=Bearer ...`, more of them with commas between.
    public string? OtlpHeaders { get; init; }

    public string ServiceName { get; init; } = "notification-server";

    /// Of the requests whose caller records no trace, the share of which we begin one. Callers' own traces go on in any case.
    [Range(0.0, 1.0)] public double TraceShare { get; init; }

    /// How often metrics are pushed.
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan MetricsEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// Whether providers are sent `traceparent` too. One id then goes to all whom one notification goes to, and what a provider makes of it
    /// nobody knows: for relays of one's own.
    public bool TellProviders { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is { } at && (!at.IsAbsoluteUri || at.Scheme != Uri.UriSchemeHttp && at.Scheme != Uri.UriSchemeHttps || at.UserInfo.Length > 0))
            yield return new($"{Section}:{nameof(OtlpEndpoint)} is an http or https address without credentials");
        if (string.IsNullOrWhiteSpace(ServiceName)) yield return new($"{Section}:{nameof(ServiceName)} is missing");
    }
}
