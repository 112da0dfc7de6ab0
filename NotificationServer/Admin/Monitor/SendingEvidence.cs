using System.Globalization;
using System.Text.Json;

namespace NotificationServer.Admin.Monitor;

/// What speaks for it that a database is a copy, as lines for people.
internal sealed class SendingEvidence(string? evidence)
{
    private readonly Dictionary<string, JsonElement> told = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(evidence ?? "{}") ?? [];

    /// When a node last worked with a database that was further than this one.
    public DateTimeOffset? RememberedAt => told.TryGetValue("remembered_at", out var at) && at.TryGetDateTimeOffset(out var moment) ? moment : null;

    /// How much is missing; null: nobody can tell.
    public TimeSpan? Lost => told.TryGetValue("lost_seconds", out var lost) && lost.TryGetDouble(out var seconds) && seconds < 1e9 ? TimeSpan.FromSeconds(seconds) : null;

    public string? Expected => Text("expected");

    public string? Found => Text("found");

    private string? Text(string name) => told.TryGetValue(name, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
}
