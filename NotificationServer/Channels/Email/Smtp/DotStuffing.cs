using System.Buffers;

namespace NotificationServer.Channels.Email.Smtp;

/// A line that begins with a dot gets a second one, so that only the real end looks like the end.
internal static class DotStuffing
{
    public static readonly ReadOnlyMemory<byte> End = ".\r\n"u8.ToArray();

    public static ReadOnlyMemory<byte> Of(ReadOnlySpan<byte> mail)
    {
        var to = new ArrayBufferWriter<byte>(mail.Length + 64);
        if (mail.StartsWith("."u8)) to.Write("."u8);
        while (mail.IndexOf("\r\n."u8) is >= 0 and var at)
        {
            to.Write(mail[..(at + 3)]);
            to.Write("."u8);
            mail = mail[(at + 3)..];
        }
        to.Write(mail);
        if (!to.WrittenSpan.EndsWith("\r\n"u8)) to.Write("\r\n"u8);
        return to.WrittenMemory;
    }
}
