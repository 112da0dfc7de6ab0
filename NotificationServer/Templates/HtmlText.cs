using System.Buffers;
using System.Text;
using HandlebarsDotNet;

namespace NotificationServer.Templates;

/// Escapes for HTML as Handlebars does, piece by piece instead of character by character.
internal sealed class HtmlText : ITextEncoder
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'`=");

    public void Encode(string? text, TextWriter target)
    {
        var rest = text.AsSpan();
        for (int at; (at = rest.IndexOfAny(Special)) >= 0; rest = rest[(at + 1)..])
        {
            if (at > 0) target.Write(rest[..at]);
            target.Write(Escaped(rest[at]));
        }
        if (!rest.IsEmpty) target.Write(rest);
    }

    public void Encode(StringBuilder? text, TextWriter target) => Encode(text?.ToString(), target);

    public void Encode<T>(T? text, TextWriter target)
        where T : IEnumerator<char>
    {
        if (text is null) return;
        var whole = new StringBuilder();
        while (text.MoveNext()) whole.Append(text.Current);
        Encode(whole.ToString(), target);
    }

    private static string Escaped(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#x27;",
        '`' => "&#x60;",
        _ => "&#x3D;",
    };
}
