using System.Text.Json;

namespace NotificationServer.Watch;

/// What the alerts of this folder's own rules say.
internal static class WatchWords
{
    /// The overview has a sentence of its own for these, with more in it.
    public static bool IsSaidByOverview(string kind) => kind is AlertRule.OldestCritical or AlertRule.OldestTransactional or AlertRule.OldestBulk or AlertRule.FailureRate
        or AlertRule.BreakerOpen or AlertRule.GateClosed or AlertRule.NodeLost or AlertRule.RoleMissing or AlertRule.SendingHeld;

    public static AlertWords? Of(string kind, string key, JsonElement told) => kind switch
    {
        AlertRule.OldestCritical or AlertRule.OldestTransactional or AlertRule.OldestBulk => new("fail",
            $"The oldest {Lane(key)} message of {Says.Channel(Channel(key))} has waited {Time(told, "seconds")} ({Number(told, "ready")} wait).",
            $"{Says.Channel(Channel(key))} sends more slowly than messages come in, or not at all. Nothing is lost; it is late.",
            "Look at the queue: is an account left alone, is a node missing, is it a campaign that is larger than usual?", $"/admin/queues/{Channel(key)}", $"Look at {Says.Channel(Channel(key))}"),
        AlertRule.FailureRate => new("fail", $"{Share(told, "share")} of {Says.Channel(key)} failed in 15 minutes: {Number(told, "failed")} of {Number(told, "ended")} messages.",
            "They are dead letters now and wait for a person.", "Look at the kinds of failure, mend the cause, then requeue.", $"/admin/failures?channel={key}", "Look at the failures"),
        AlertRule.DeadLetters => new("warn", $"{Number(told, "failed")} messages of {Says.Channel(key)} failed for good within 5 minutes.",
            "Many at once have one cause more often than many.", "Look at the kinds of failure of the last minutes.", $"/admin/failures?channel={key}", "Look at the failures"),
        AlertRule.CrashLoop => new("fail", $"{Number(told, "messages")} messages were set aside: the nodes that sent them died with them.",
            "Something in these messages may kill whoever sends them. They are kept apart, and nothing tries them again by itself.",
            "Look at one before you requeue any; look into the log of the nodes that died.", "/admin/failures", "Look at the failures"),
        AlertRule.BreakerOpen => new("warn", $"{key} is left alone: {Text(told, "reason")}.",
            "Calls of this account failed, so that nobody calls it but to find out whether it works again. What only it carries waits.",
            "Look at what the account says; mend its credentials, or wait for the vendor. It goes on by itself.", $"/admin/providers/{Uri.EscapeDataString(key)}", "Look at the account"),
        AlertRule.GateClosed => new("warn", $"{key} has asked us to wait until {Text(told, "until")}.",
            "The provider wants to be called less. Attempts are not counted meanwhile.", "If it comes again, lower the account's rate, or ask the vendor for more.",
            $"/admin/providers/{Uri.EscapeDataString(key)}", "Look at the account"),
        AlertRule.NodeLost => new("warn", $"{key} ({Text(told, "roles")}) has been silent for {Time(told, "seconds")}.",
            "It died, hangs, or cannot reach the database. What it held is sent by others within 75 seconds of its last word.",
            "Look whether its process and machine are there. An hour after its last word it is forgotten, and this is over.", "/admin/nodes", "Look at the nodes"),
        AlertRule.RoleMissing => new("fail", key == "worker" ? "Nothing is being sent: no node with the role worker is alive." : $"No node with the role {key} is alive.",
            key == "worker" ? "Messages are taken in and wait." : "What this role does is done by nobody.", $"Start a node with the role {key}.", "/admin/nodes", "Look at the nodes"),
        AlertRule.PartitionMissing => new("warn", $"The log has no table for {Text(told, "day")} ({key}).",
            "Rows of that day would go to the default table: found, but not dropped when they are old.", "Run “Making the days ahead”, and look at what it says if it fails.", "/admin/maintenance", "Look at the chores"),
        AlertRule.BooksUnchecked => new("warn", $"The books were last checked {Time(told, "seconds")} ago.",
            "A difference would not be noticed.", "Look whether a node with the role scheduler is alive, and what the chore says.", "/admin/maintenance", "Look at the chores"),
        AlertRule.SendingHeld => new("fail", $"Nothing is being sent. {Text(told, "why")}",
            "Messages are taken in and wait. Sent now, what was queued in the copy might arrive a second time, or come from a copy that should send nothing at all.",
            "Find out which database this is. If it is the right one, say what becomes of what was queued in it.", "/admin/maintenance", "Look and decide"),
        AlertRule.OldTransaction => new("warn", $"A transaction in the database has been open for {Time(told, "seconds")}.",
            "While it is open nothing that was deleted since can be cleaned away: the queue grows slower by the minute.",
            "Find it in pg_stat_activity (oldest xact_start) and end it: pg_terminate_backend(pid)."),
        _ => null,
    };

    private static string Channel(string key) => key.Split('/')[0];

    private static string Lane(string key) => key.Split('/') is [_, var lane] ? lane : "";

    private static string Number(JsonElement told, string name) => Get(told, name) is { ValueKind: JsonValueKind.Number } value ? Says.Number(value.GetDouble()) : "?";

    private static string Share(JsonElement told, string name) => Get(told, name) is { ValueKind: JsonValueKind.Number } value ? Says.Share(value.GetDouble()) : "?";

    private static string Time(JsonElement told, string name) =>
        Get(told, name) is { ValueKind: JsonValueKind.Number } value ? Says.Time(TimeSpan.FromSeconds(Math.Clamp(value.GetDouble(), 0, 1e9))) : "?";

    private static string Text(JsonElement told, string name) => Get(told, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() ?? "" : "?";

    private static JsonElement? Get(JsonElement told, string name) => told.ValueKind == JsonValueKind.Object && told.TryGetProperty(name, out var value) ? value : null;
}
