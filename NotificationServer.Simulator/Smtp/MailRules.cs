using System.Text;
using System.Text.RegularExpressions;

namespace NotificationServer.Simulator.Smtp;

/// What a careful server demands of a message. Null: nothing is wrong.
internal static partial class MailRules
{
    private const int LongestLine = 998;

    private static readonly string[] Once = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Reply-To", "Sender", "Cc"];
    private static readonly string[] Needed = ["From", "Date", "Message-ID", "MIME-Version", "To", "Subject"];

    public static string? Violation(byte[] mail, bool international, out IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        headers = [];
        if (!international && mail.Any(one => one > 127)) return "554 5.6.1 Eight-bit data in a seven-bit message";
        var text = Encoding.UTF8.GetString(mail);
        if (text.Contains('\0', StringComparison.Ordinal) || text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n')) return "554 5.6.0 Lines end in CR LF";
        if (text.Split("\r\n").Any(line => line.Length > LongestLine)) return "554 5.6.0 A line is too long";
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return "554 5.6.0 No blank line after the headers";

        var fields = new List<KeyValuePair<string, string>>();
        foreach (var line in text[..end].Split("\r\n"))
        {
            if (line.StartsWith(' ') || line.StartsWith('\t'))
            {
                if (fields.Count == 0 || string.IsNullOrWhiteSpace(line)) return "554 5.6.0 A header begins with a blank";
                fields[^1] = new(fields[^1].Key, fields[^1].Value + line);
                continue;
            }
            if (Field().Match(line) is not { Success: true } field) return "554 5.6.0 A header has no name";
            fields.Add(new(field.Groups[1].Value, field.Groups[2].Value.Trim()));
        }
        headers = fields;
        foreach (var name in Once)
            if (Count(fields, name) > 1) return $"554 5.6.0 More than one {name}";
        foreach (var name in Needed)
            if (Count(fields, name) == 0) return $"554 5.6.0 No {name}";
        return null;
    }

    private static int Count(List<KeyValuePair<string, string>> fields, string name) => fields.Count(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^([!-9;-~]+):(.*)$")]
    private static partial Regex Field();
}
