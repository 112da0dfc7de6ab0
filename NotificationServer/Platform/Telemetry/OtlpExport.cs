using System.Reflection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NotificationServer.Platform.Telemetry;

/// Pushes traces and metrics to a collector, if there is one.
internal sealed class OtlpExport(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private const string RequestSource = "Microsoft.AspNetCore";

    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var wanted = options.Value;
        if (wanted.OtlpEndpoint is not { } endpoint) return Task.CompletedTask;
        var resource = ResourceBuilder.CreateEmpty().AddService(
            wanted.ServiceName,
            serviceVersion: typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}");
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Meters.Name, RequestSource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(wanted.TraceShare)))
            .AddOtlpExporter(exporter => Aim(exporter, endpoint, "v1/traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Meters.All)
            .AddOtlpExporter((exporter, reader) =>
            {
                Aim(exporter, endpoint, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)wanted.MetricsEvery.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    /// What is still there is handed over, for a moment at most: a collector that is away must not hold up a stop.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        const int patience = 2000;
        traces?.ForceFlush(patience);
        metrics?.ForceFlush(patience);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    private void Aim(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        var http = options.Value.OtlpProtocol == OtlpProtocol.HttpProtobuf;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = http ? new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path) : endpoint;
        if (options.Value.OtlpHeaders is { Length: > 0 } headers) exporter.Headers = headers;
    }
}
