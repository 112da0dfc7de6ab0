using System.Text;
using System.Text.RegularExpressions;

namespace NotificationServer.Platform;

/// `dev.env`: what a developer needs to use this server (its URL, a key, a sign-in), as lines that a shell can source. Only in
/// Development: elsewhere it knows nothing and keeps nothing.
internal sealed partial class DevelopmentFile(DataDirectory data, IHostEnvironment environment)
{
    private const string FileName = "dev.env";

    private readonly Lock gate = new();
    private readonly Lazy<SortedDictionary<string, string>> values = new(() => Load(data.Locate(FileName)));

    public string? Get(string key)
    {
        if (!environment.IsDevelopment())
            return null;
        lock (gate)
            return values.Value.GetValueOrDefault(key);
    }

    /// Stored at once: a key that is in the database and nowhere else would be lost.
    public void Set(string key, string value)
    {
        if (!environment.IsDevelopment())
            return;
        lock (gate)
        {
            if (values.Value.TryGetValue(key, out var known) && known == value)
                return;
            values.Value[key] = value;
            data.WriteSecretly(FileName, Text());
        }
    }

    private string Text()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in values.Value)
            text.Append(key).Append('=').Append(Plain().IsMatch(value) ? value : $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'").Append('\n');
        return text.ToString();
    }

    private static SortedDictionary<string, string> Load(string file)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (line.Split('=', 2) is [var key, var value])
                found[key] = value.StartsWith('\'') ? value[1..^1].Replace(@"'\''", "'", StringComparison.Ordinal) : value;
        }

        return found;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_@%+:,./-]*$")]
    private static partial Regex Plain();
}
