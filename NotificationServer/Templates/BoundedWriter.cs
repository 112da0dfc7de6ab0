using System.Globalization;
using System.Text;

namespace NotificationServer.Templates;

/// Collects the output and stops the rendering at the limit, instead of finding out afterwards that 27 MB were written.
internal sealed class BoundedWriter(RenderBudget budget, int maxBytes) : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly StringBuilder text = new();
    private int bytes;

    public override Encoding Encoding => Encoding.UTF8;

    // The HTML encoder writes character by character: half a surrogate pair is half of the pair's four bytes.
    public override void Write(char value)
    {
        Count(value < 0x80 ? 1 : value < 0x800 || char.IsSurrogate(value) ? 2 : 3);
        text.Append(value);
    }

    public override void Write(string? value)
    {
        if (value is null) return;
        Count(Encoding.UTF8.GetByteCount(value));
        text.Append(value);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Count(Encoding.UTF8.GetByteCount(buffer));
        text.Append(buffer);
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override string ToString() => text.ToString();

    private void Count(int more)
    {
        budget.Step();
        bytes += more;
        if (bytes > maxBytes) throw new RenderStopped($"is longer than {maxBytes} bytes");
    }
}
