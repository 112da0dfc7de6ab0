using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace NotificationServer.Tracking.Pages;

/// HTML as an interpolated string: what the code wrote is markup, whatever is put in is text, unless it is markup itself.
/// There is no other way to make one, so that nobody can forget to encode.
[InterpolatedStringHandler]
internal sealed class Markup(int literalLength, int formattedCount)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder text = new(literalLength + (24 * formattedCount));

    public static Markup None => $"";

    public void AppendLiteral(string literal) => text.Append(literal);

    public void AppendFormatted(string? value) => text.Append(Encoder.Encode(value ?? ""));

    public void AppendFormatted(Markup? value) => text.Append(value?.text);

    public void AppendFormatted(IEnumerable<Markup> values)
    {
        foreach (var value in values) text.Append(value.text);
    }

    public override string ToString() => text.ToString();
}
