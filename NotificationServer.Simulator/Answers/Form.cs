using System.Buffers;
using System.Text;

namespace NotificationServer.Simulator.Answers;

/// An application/x-www-form-urlencoded body; a name may occur more than once.
internal sealed class Form(IReadOnlyList<KeyValuePair<string, string>> fields)
{
    public IReadOnlyList<KeyValuePair<string, string>> Fields => fields;

    public string? this[string name]
    {
        get
        {
            foreach (var field in fields)
            {
                if (field.Key == name) return field.Value;
            }

            return null;
        }
    }

    public static bool Carried(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    public static Form Parse(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body);
        var fields = new List<KeyValuePair<string, string>>(8);
        foreach (var range in text.AsSpan().Split('&'))
        {
            var pair = text.AsSpan(range);
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            fields.Add(new(Decode(name), equals < 0 ? "" : Decode(pair[(equals + 1)..])));
        }

        return new Form(fields);
    }

    private static readonly SearchValues<char> Coded = SearchValues.Create("+%");

    private static string Decode(ReadOnlySpan<char> text) =>
        text.ContainsAny(Coded) ? Uri.UnescapeDataString(text.ToString().Replace('+', ' ')) : text.ToString();
}
