using System.Diagnostics;

namespace NotificationServer.Platform.Telemetry;

/// A caller's trace, which goes on where the message does: through the database, to the provider. Only where somebody records it.
internal static class Tracing
{
    public static readonly ActivitySource Source = new(Meters.Name);

    /// What the caller is in the middle of, as W3C writes it; null: nobody records that.
    public static string? Current => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } now ? now.Id : null;

    /// Null: nobody records it here.
    public static Activity? Continue(string name, ActivityKind kind, string? trace) =>
        trace is not null && Source.HasListeners() && ActivityContext.TryParse(trace, null, isRemote: true, out var parent)
            ? Source.StartActivity(name, kind, parent) : null;

    /// A part of what is under way; null: nothing is, or nobody records it.
    public static Activity? Part(string name, ActivityKind kind) =>
        Activity.Current is { Recorded: true } && Source.HasListeners() ? Source.StartActivity(name, kind) : null;
}
