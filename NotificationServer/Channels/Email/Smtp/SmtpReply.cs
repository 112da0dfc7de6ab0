namespace NotificationServer.Channels.Email.Smtp;

/// What a server said: its code, the enhanced code (RFC 3463) if there is one, and its words.
internal readonly record struct SmtpReply(int Code, string? Enhanced, string Text)
{
    public bool Is(int hundreds) => Code / 100 == hundreds;

    /// The lines of one reply, without their line ends.
    public static SmtpReply Of(IReadOnlyList<string> lines)
    {
        var code = Number(lines[0]);
        var words = lines.Select(line => line.Length > 4 ? line[4..] : "").ToArray();
        var first = words[0].Split(' ', 2)[0];
        return IsEnhanced(first, code)
            ? new SmtpReply(code, first, string.Join('\n', words.Select(text => text.StartsWith(first, StringComparison.Ordinal) ? text[first.Length..].TrimStart() : text)))
            : new SmtpReply(code, null, string.Join('\n', words));
    }

    /// 200 to 599 and then a blank, a hyphen or nothing; 0: this is not SMTP.
    public static int Number(string line) =>
        line.Length >= 3 && line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]) && (line.Length == 3 || line[3] is ' ' or '-')
            ? (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0'
            : 0;

    /// `5.7.26`: its class must be the code's, or it is part of the words.
    private static bool IsEnhanced(string word, int code)
    {
        var parts = word.Split('.');
        return parts.Length == 3 && parts.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit)) && parts[0] == $"{code / 100}";
    }
}
