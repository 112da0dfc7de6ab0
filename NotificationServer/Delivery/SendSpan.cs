using System.Diagnostics;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// One attempt as a part of the trace that its notification came with. It names the message, never the person.
internal static class SendSpan
{
    public static Activity? Begin(Brief brief)
    {
        var span = Tracing.Continue("send", ActivityKind.Producer, brief.Trace);
        if (span is null) return null;
        span.DisplayName = $"send {brief.Channel.Name()}";
        span.SetTag("messaging.message.id", PrefixedId.Format("msg", brief.Job.Id));
        span.SetTag("messaging.message.conversation_id", PrefixedId.Format("ntf", brief.NotificationId));
        span.SetTag("notifications.channel", brief.Channel.Name());
        span.SetTag("notifications.lane", SendMetrics.Word(brief.Job.Lane));
        span.SetTag("notifications.attempt", brief.Job.Attempt);
        if (brief.Job.DueAt is { } due) span.SetTag("notifications.queue.wait_s", Math.Max(0, (brief.Job.ClaimedAt - due).TotalSeconds));
        return span;
    }

    public static void End(Activity span, JobResult result)
    {
        span.SetTag("notifications.status", result.End?.Name() ?? "queued");
        if (result.Attempt is { } attempt)
        {
            span.SetTag("messaging.system", attempt.Provider);
            span.SetTag("notifications.outcome", attempt.Outcome);
            if (attempt.Code is { } code) span.SetTag("error.type", code);
            if (attempt.Outcome != SendStatus.Accepted.Name()) span.SetStatus(ActivityStatusCode.Error, attempt.Outcome);
        }
        else if (result.End == MessageStatus.Failed)
        {
            span.SetStatus(ActivityStatusCode.Error, result.Code);
        }
    }
}
