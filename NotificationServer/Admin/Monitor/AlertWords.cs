using System.Text.Json;
using NotificationServer.Admin.Ui;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Monitor;

/// What an alert says to a person: what happened, what it means, and what to do.
internal sealed record AlertWords(string Tone, string Title, string Means, string Do, string? Href = null, string? Action = null)
{
    /// Too much of it failed. Told: name, reason, campaign_id.
    public const string CampaignPaused = "campaign_paused";

    public static bool IsOfTheBooks(string kind) =>
        kind is BalanceCheck.CounterDrift or BalanceCheck.QueuedWithoutJob or BalanceCheck.JobWithoutMessage or BalanceCheck.Unbalanced;

    public static AlertWords Of(string kind, string key, string detail)
    {
        using var read = JsonDocument.Parse(detail);
        var told = read.RootElement;
        return kind switch
        {
            BalanceCheck.Unbalanced => new("fail", $"The books do not balance: {Figure(told, "expected")} messages were accepted, {Figure(told, "found")} are accounted for.",
                "What was accepted must equal what became of it. Either a message has vanished or a count was written by hand.",
                "Look below for an alert of the same time that names messages, and keep a copy of the database before anything is changed."),
            BalanceCheck.QueuedWithoutJob => new("fail", $"Messages of {Place(key)} are queued but have no job: nobody will send them.",
                $"{Figure(told, "expected")} are queued by the books, {Figure(told, "found")} are in the queue.",
                "The first messages are listed here. Their job was deleted by hand or lost with a part of the database.", Message(told), "Look at the first message"),
            BalanceCheck.JobWithoutMessage => new("fail", $"The queue of {Place(key)} holds jobs without a message.",
                $"{Figure(told, "expected")} are queued by the books, {Figure(told, "found")} are in the queue.",
                "Their messages were deleted or ended by hand. They are not sent: a worker that claims one finds nothing to say."),
            BalanceCheck.CounterDrift => new("fail", $"A counter is wrong: {Place(key)}.",
                $"The books say {Figure(told, "expected")}, the rows say {Figure(told, "found")}. What people see as figures is off by that; messages are not touched.",
                "If rows were deleted by hand, this is what it looks like. It is over when the same part is counted again and agrees."),
            "webhook_disabled" => new("warn", $"A webhook of {Text(told, "client")} was switched off: {Text(told, "host")} {(Text(told, "reason") == "gone" ? "says that it is gone" : "has not answered for days")}.",
                "Its events are kept and not sent.", "Ask its owner whether it should be switched on again; then its events follow.", $"/admin/webhooks/{Uri.EscapeDataString(key)}", "Look at the webhook"),
            CampaignPaused => new("warn", $"A campaign paused itself: {Text(told, "name")}.", $"{Sentence(Text(told, "reason").TrimEnd('.'))}. Nothing of it goes out until somebody decides.",
                "Look at its failures. When they are mended, resume it; else cancel it.", Campaign(told), "Look at the campaign"),
            _ => new("warn", $"{Sentence(kind)}: {key}", "", ""),
        };
    }

    private static string Figure(JsonElement told, string name) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? Words.Number(number) : "?";

    private static string Text(JsonElement told, string name) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "?";

    private static string? Campaign(JsonElement told) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty("campaign_id", out var id) && id.ValueKind == JsonValueKind.String
            ? $"/admin/campaigns/{Uri.EscapeDataString(id.GetString() ?? "")}" : null;

    private static string? Message(JsonElement told) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty("messages", out var ids) && ids.ValueKind == JsonValueKind.Array && ids.GetArrayLength() > 0
            ? $"/admin/messages/{ids[0].GetString()}" : null;

    // 2026-11-23T02:10Z/sms/transactional/sent, or sms/transactional
    private static string Place(string key) => string.Join(", ", key.Split('/').Select(part => Words.IsChannel(part) ? Words.Channel(part) : part.Replace('T', ' ')));

    private static string Sentence(string kind) => kind.Length == 0 ? kind : char.ToUpperInvariant(kind[0]) + kind[1..].Replace('_', ' ');
}
