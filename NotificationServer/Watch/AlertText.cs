using System.Text;
using System.Text.Json;
using NotificationServer.Platform;

namespace NotificationServer.Watch;

/// The words of a telling, for a chat and for a mail.
internal sealed record AlertText(string Subject, string Body)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static AlertText Of(Telling telling, string? admin)
    {
        var words = AlertWords.Of(telling.Kind, telling.Key, telling.Detail);
        var text = new StringBuilder();
        if (telling.IsOver)
        {
            text.Append("It is over since ").Append(Says.Clock(telling.ClearedAt ?? telling.Now)).Append("; it lasted ").Append(Says.Time((telling.ClearedAt ?? telling.Now) - telling.FirstSeen)).Append('.');
        }
        else
        {
            text.Append("Since ").Append(Says.Clock(telling.FirstSeen)).Append('.');
            if (words.Means.Length > 0) text.Append('\n').Append("What it means: ").Append(words.Means);
            if (words.Do.Length > 0) text.Append('\n').Append("What to do: ").Append(words.Do);
            text.Append('\n').Append("In the handbook: ").Append(AlertWords.Runbook(telling.Kind));
        }
        if (admin is not null) text.Append('\n').Append(admin).Append(telling.IsOver ? "/admin/alerts" : words.Href ?? "/admin/alerts");
        return new AlertText($"{(telling.IsOver ? "Over" : words.Tone == "fail" ? "Alert" : "Warning")}: {OneLine(words.Title)}", text.ToString());
    }

    public static AlertText DatabaseAway(string node, TimeSpan time) => new(
        "Alert: the database does not answer",
        $"{node} has not reached the database for {Says.Time(time)}. Nothing is taken in (503) and nothing is sent; what was accepted is in the database.\nWhat to do: look at PostgreSQL: is it running, is its disk full, are its connections used up?\nIn the handbook: {AlertWords.Runbook("database_unreachable")}");

    public static AlertText DatabaseBack(string node, TimeSpan time) => new("Over: the database answers again", $"{node} reaches it again, after {Says.Time(time)}.");

    public static readonly AlertText Test = new("Test: alerts arrive here", "Somebody asked for this on the page of the alert rules. Nothing is wrong.");

    /// As Slack and those who do as Slack does want it: `&amp;`, `&lt;` and `&gt;` are all that means something there.
    public byte[] ToSlack()
    {
        var text = $"*{Subject}*\n{Body}".Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["text"] = text }, Readable);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ") is { Length: > 200 } longer ? longer.Storable(200) + "…" : text.ReplaceLineEndings(" ");
}
