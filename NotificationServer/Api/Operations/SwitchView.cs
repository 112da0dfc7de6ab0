using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

/// A queue or provider account that somebody holds, and why. `mode`: running, paused, draining.
public sealed record SwitchView(
    string Kind, string Name, string Mode, string? Reason, DateTimeOffset? Until, string? ChangedBy, DateTimeOffset? ChangedAt)
{
    internal static SwitchView Of(QueueSwitch one) =>
        new(one.Kind.Word(), one.Name, one.Mode.Word(), one.Reason, one.Until, one.ChangedBy, one.ChangedAt);

    internal static SwitchView Running(SwitchKind kind, string name) => new(kind.Word(), name, "running", null, null, null, null);
}
