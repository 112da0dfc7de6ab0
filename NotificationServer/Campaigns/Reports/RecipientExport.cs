using System.Globalization;
using System.Text;
using NotificationServer.Platform;

namespace NotificationServer.Campaigns.Reports;

/// All recipients of a run as CSV, written as it is read: a page at a time, so that neither this node nor the database holds more of it.
internal sealed class RecipientExport(RecipientList list)
{
    private const int PageSize = 2000;

    public static string NameOf(CampaignFigures run) => $"recipients-{run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}-{run.RunId:N}.csv";

    /// What fits the filter; without one, whoever the run has not come to stands first: who is dealt with meanwhile is told twice rather than
    /// not at all.
    public async Task WriteAsync(CampaignFigures run, RecipientFilter filter, Stream to, CancellationToken ct)
    {
        var text = new StringBuilder("\ufeff"); // spreadsheets take it for UTF-8 then
        CsvLine.Append(text, "user_id", "message_id", "channel", "status", "reason", "provider", "error_code", "template", "template_version", "created_at", "sent_at",
            "opened", "clicked", "unsubscribed");
        if (filter.IsEmpty)
            await WriteAllAsync(run, new RecipientFilter { Status = run.IsRunning ? RecipientRow.ToCome : RecipientRow.Withdrawn }, text, to, ct);
        await WriteAllAsync(run, filter, text, to, ct);
        await FlushAsync(text, to, ct);
    }

    private async Task WriteAllAsync(CampaignFigures run, RecipientFilter filter, StringBuilder text, Stream to, CancellationToken ct)
    {
        string? cursor = null;
        do
        {
            var page = await list.ReadAsync(run, filter, cursor, PageSize, ct);
            foreach (var row in page.Rows) Append(text, row);
            await FlushAsync(text, to, ct);
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private static void Append(StringBuilder text, RecipientRow row) => CsvLine.Append(
        text, row.UserId ?? "", row.MessageId is { } id ? PrefixedId.Format("msg", id) : "", row.Channel, row.Status, row.Reason, row.Provider, row.ErrorCode,
        row.Template, row.TemplateVersion?.ToString(CultureInfo.InvariantCulture), Text(row.CreatedAt), Text(row.SentAt), By(row, "opened_"), By(row, "clicked_"),
        row.Engagement.Contains("unsubscribed") ? "yes" : "");

    /// human, machine or unknown.
    private static string By(RecipientRow row, string kind) => row.Engagement.FirstOrDefault(did => did.StartsWith(kind, StringComparison.Ordinal))?[kind.Length..] ?? "";

    private static string Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static async Task FlushAsync(StringBuilder text, Stream to, CancellationToken ct)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), ct);
        text.Clear();
    }
}
