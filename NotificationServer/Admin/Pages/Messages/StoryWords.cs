using NotificationServer.Admin.Ui;
using NotificationServer.Platform;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Admin.Pages.Messages;

/// Puts what is kept of a message into the order and the words of a story.
internal static class StoryWords
{
    internal sealed record AttemptRow
    {
        public required int Attempt { get; init; }
        public required string Outcome { get; init; }
        public string? Provider { get; init; }
        public string? ProviderMessageId { get; init; }
        public string? ErrorCode { get; init; }
        public string? Detail { get; init; }
        public required DateTimeOffset StartedAt { get; init; }
        public required DateTimeOffset FinishedAt { get; init; }
        public required string Node { get; init; }
    }

    internal sealed record ReceiptRow
    {
        public required string Event { get; init; }
        public required string Kind { get; init; }
        public required string Account { get; init; }
        public string? Code { get; init; }
        public string? Detail { get; init; }
        public required DateTimeOffset At { get; init; }
    }

    internal sealed record EngagementRow
    {
        public required string Kind { get; init; }
        public required string ByWhom { get; init; }
        public required string Source { get; init; }
        public required string Url { get; init; }
        public required DateTimeOffset FirstAt { get; init; }
        public required DateTimeOffset LastAt { get; init; }
        public required int Count { get; init; }
    }

    internal sealed record DecisionRow
    {
        public required string Decision { get; init; }
        public required string Actor { get; init; }
        public required string Reason { get; init; }
        public Guid? OperationId { get; init; }
        public required DateTimeOffset At { get; init; }
    }

    internal sealed record WebhookRow
    {
        public required Guid EndpointId { get; init; }
        public required string Type { get; init; }
        public required DateTimeOffset At { get; init; }
        public required string Status { get; init; }
        public required int Attempts { get; init; }
        public int? HttpStatus { get; init; }
        public string? Error { get; init; }
        public string? Url { get; init; }
    }

    public static IReadOnlyList<Moment> Of(
        MessageHead head, IReadOnlyList<AttemptRow> attempts, IReadOnlyList<ReceiptRow> receipts, IReadOnlyList<EngagementRow> engagement,
        IReadOnlyList<DecisionRow> decisions, IReadOnlyList<WebhookRow> webhooks)
    {
        var happened = attempts.Select(Tried).Concat(receipts.Select(Told)).Concat(engagement.Select(Done)).Concat(decisions.Select(Decided)).Concat(webhooks.Select(Called))
            .OrderBy(one => one.At);
        return [Accepted(head), .. happened, .. Now(head)];
    }

    private static Moment Accepted(MessageHead head) => new("plus", "off", "Accepted", head.CreatedAt)
    {
        Detail = (head.Client is null ? "" : $"from {head.Client}") + (head.SendAt is { } at ? $", to be sent at {Words.Exact(at)}" : ""),
    };

    private static Moment Tried(AttemptRow one)
    {
        var (icon, tone, words) = one.Outcome switch
        {
            "accepted" => ("ok", "ok", "took it"),
            "not_sent" => ("wait", "wait", "could not be reached"),
            "throttled" => ("wait", "wait", "asked us to slow down"),
            "transient" => ("wait", "warn", "refused it for now"),
            "permanent" => ("fail", "fail", "refused it for good"),
            "address_dead" => ("fail", "fail", "says that the address is dead"),
            "misconfigured" => ("warn", "warn", "refused our credentials or set-up"),
            _ => ("warn", "warn", "gave no answer that could be read: it may have been sent"),
        };
        return new Moment(icon, tone, $"Try {one.Attempt}: {(one.Provider is null or "none" ? "no provider" : one.Provider)} {words}", one.StartedAt)
        {
            Detail = $"{Milliseconds(one.FinishedAt - one.StartedAt)} on {one.Node}{(one.ProviderMessageId is null ? "" : $"; its id is {one.ProviderMessageId}")}",
            Raw = Joined(one.ErrorCode, one.Detail),
        };
    }

    private static Moment Told(ReceiptRow one)
    {
        var (icon, tone) = one.Kind switch
        {
            "delivered" or "sent" or "opened" or "clicked" or "resubscribed" => ("ok", "ok"),
            "bounced" or "failed" or "complained" => ("fail", "fail"),
            "unsubscribed" => ("off", "warn"),
            _ => ("info", "off"),
        };
        return new Moment(icon, tone, $"{one.Account} told: {one.Kind}", one.At)
        {
            Detail = one.Event == one.Kind ? null : $"in its words: {one.Event}",
            Raw = Joined(one.Code, one.Detail),
        };
    }

    private static Moment Done(EngagementRow one) => new("users", "ok", $"{Words.Status(one.Kind)} {(one.ByWhom switch { "human" => "by a person", "machine" => "by a machine", _ => "by nobody knows whom" })}", one.FirstAt)
    {
        Detail = $"{(one.Count > 1 ? $"{Words.Number(one.Count)} times, last {Words.Exact(one.LastAt)}; " : "")}as {(one.Source switch { "own" => "our own links tell", "click" => "a click proves", var account => $"{account} tells" })}",
        Raw = one.Url.Length > 0 ? one.Url : null,
    };

    private static Moment Decided(DecisionRow one) => new(one.Decision switch { "requeued" => "undo", "undone" => "back", _ => "off" }, "wait", $"{Words.Status(one.Decision)} by {Authors.Name(one.Actor)}", one.At)
    {
        Detail = one.Reason,
        Link = one.OperationId is { } operation ? $"/admin/operations/{PrefixedId.Format("op", operation)}" : null,
    };

    private static Moment Called(WebhookRow one) => new("out", one.Status == "failed" ? "fail" : "off", $"Webhook {one.Type}: {one.Status}", one.At)
    {
        Detail = $"{(Uri.TryCreate(one.Url, UriKind.Absolute, out var url) ? url.Host : "an endpoint that was deleted")}, {one.Attempts} {Words.Plural(one.Attempts, "try", "tries")}{(one.HttpStatus is { } status ? $", answered {status}" : "")}",
        Raw = one.Error,
        Link = one.Url is null ? null : $"/admin/webhooks/{PrefixedId.Format(WebhookEndpoint.IdPrefix, one.EndpointId)}",
    };

    /// Where it is now; nothing where the last thing that happened has said so.
    private static IEnumerable<Moment> Now(MessageHead head)
    {
        if (head is { State: "processing", LeasedAt: { } since }) yield return new Moment("wait", "wait", $"Being sent by {head.LeasedBy}", since);
        else if (head is { IsWaiting: true, RunAt: { } due }) yield return new Moment("wait", "wait", head.State == "ready" ? "Waits to be sent" : "Waits until", due);
        else if (head.State is not ("sent" or "delivered" or "processing"))
            yield return new Moment(head.State is "failed" or "bounced" ? "fail" : "off", Words.Tone(head.State), Words.Status(head.State), head.UpdatedAt)
            {
                Detail = head.Reason is { } reason ? Because.Of(reason, head.UserId, head.Category, head.CategoryName, head.ErrorCode).Words : null,
            };
    }

    private static string Milliseconds(TimeSpan took) => took.TotalMilliseconds < 10_000 ? $"{Words.Number((long)took.TotalMilliseconds)} ms" : $"{took.TotalSeconds:0.0} s";

    private static string? Joined(string? code, string? detail) => code is null ? detail : detail is null ? code : $"{code}: {detail}";
}
