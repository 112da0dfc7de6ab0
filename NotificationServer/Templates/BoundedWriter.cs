using System.Buffers;
using System.Globalization;
using System.Text;

namespace NotificationServer.Templates;

/// Collects the output and stops the rendering at the limit, instead of finding out afterwards that 27 MB were written.
internal sealed class BoundedWriter(RenderBudget budget, int maxBytes) : TextWriter(CultureInfo.InvariantCulture)
{
    private char[] buffer = ArrayPool<char>.Shared.Rent(4 * 1024);
    private int length;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        Reserve(1);
        buffer[length++] = value;
    }

    public override void Write(string? value)
    {
        if (value is not null) Write(value.AsSpan());
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Reserve(buffer.Length);
        buffer.CopyTo(this.buffer.AsSpan(length));
        length += buffer.Length;
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// What was written, if its bytes fit as well: a character has at least one.
    public override string ToString()
    {
        if (Encoding.UTF8.GetByteCount(buffer.AsSpan(0, length)) > maxBytes) throw TooLong();
        return new string(buffer, 0, length);
    }

    protected override void Dispose(bool disposing)
    {
        ArrayPool<char>.Shared.Return(buffer);
        buffer = [];
        base.Dispose(disposing);
    }

    private void Reserve(int more)
    {
        budget.Step();
        if (more > maxBytes - length) throw TooLong();
        if (length + more <= buffer.Length) return;
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(2 * buffer.Length, length + more));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(buffer);
        buffer = larger;
    }

    private RenderStopped TooLong() => new($"is longer than {maxBytes} bytes");
}
