using System.Text;

namespace NotificationServer.Benchmarks.Faults;

/// Finds words in a stream that comes in pieces. COMMIT is not found in COMMITTED, which every BEGIN contains.
internal sealed class WordSearch(byte[]? fixedWord = null)
{
    private byte[] tail = [];

    public bool FindIn(ReadOnlySpan<byte> piece, string? word = null)
    {
        var wanted = fixedWord ?? Encoding.ASCII.GetBytes(word ?? "");
        byte[] seen = [.. tail, .. piece];
        var found = Contains(seen, wanted);
        tail = found ? [] : seen[^Math.Min(seen.Length, wanted.Length)..];
        return found;
    }

    private static bool Contains(ReadOnlySpan<byte> seen, ReadOnlySpan<byte> wanted)
    {
        while (seen.IndexOf(wanted) is >= 0 and var at)
        {
            seen = seen[(at + wanted.Length)..];
            if (seen.IsEmpty || seen[0] != (byte)'T') return true;
        }
        return false;
    }
}
