using NotificationServer.Admin.Ui;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Failures;

/// How an operation is told.
internal static class OperationWords
{
    public static string Title(Operation one) => one.Type switch
    {
        "requeue" => $"Requeue {Messages(one.Total)}{(one.Provider is { } provider ? $" through {provider}" : "")}",
        "discard" => $"Discard {Messages(one.Total)}",
        _ => $"Undo: put {Messages(one.Total)} back",
    };

    /// "8,210 of 12,431 requeued, 3 refused".
    public static string Progress(Operation one) =>
        $"{Words.Number(one.Done)} of {Words.Number(one.Total)} {Done(one)}"
        + (one.Refused > 0 ? $", {Words.Number(one.Refused)} refused" : "") + (one.Skipped > 0 ? $", {Words.Number(one.Skipped)} {Skipped(one)}" : "");

    public static string Done(Operation one) => one.Type switch { "requeue" => "requeued", "discard" => "discarded", _ => "put back" };

    public static string Skipped(Operation one) => one.Type == "undo" ? "on their way already" : "dealt with by somebody else";

    public static string Sentence(Operation one, DateTimeOffset now) => one.Status switch
    {
        "running" => $"{Progress(one)}{(Left(one, now) is { } left ? $"; about {Words.Age(left)} left" : "")}. You can close this page: it goes on.",
        "cancelled" => $"It was ended before its end: {Progress(one)}.",
        _ => one.Done == one.Total ? $"All {Words.Number(one.Done)} are {Done(one)}." : $"It is done: {Progress(one)}.",
    };

    /// At its rate, or else as fast as it went so far.
    private static TimeSpan? Left(Operation one, DateTimeOffset now)
    {
        var dealt = one.Done + one.Refused + one.Skipped;
        var left = Math.Max(0, one.Total - dealt);
        var pace = one.Rate ?? dealt / Math.Max(1, (now - one.CreatedAt).TotalSeconds);
        return pace > 0 ? TimeSpan.FromSeconds(Math.Max(1, left / pace)) : null;
    }

    private static string Messages(int count) => $"{Words.Number(count)} {Words.Plural(count, "message", "messages")}";
}
