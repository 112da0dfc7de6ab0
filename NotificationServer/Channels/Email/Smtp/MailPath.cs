using System.Buffers;
using System.Globalization;

namespace NotificationServer.Channels.Email.Smtp;

/// An address in a form that can stand in a command or a header and mean nothing else there: a dot-atom and a domain in
/// A-labels. Null from <see cref="Of"/> for all the rest: blanks, line ends, brackets and quotes among it.
internal readonly record struct MailPath(string Local, string Domain)
{
    private static readonly SearchValues<char> Atom =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");
    private static readonly SearchValues<char> Label = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly IdnMapping Idn = new();

    /// Only a server with SMTPUTF8 takes such a local part.
    public bool IsInternational => !System.Text.Ascii.IsValid(Local);

    public override string ToString() => $"{Local}@{Domain}";

    public static MailPath? Of(string address)
    {
        var at = address.LastIndexOf('@');
        if (at is < 1 or > 64 || address.Length > 254) return null;
        var (local, domain) = (address[..at], ALabels(address[(at + 1)..]));
        return domain is not null && IsDomain(domain) && IsLocal(local) ? new MailPath(local, domain) : null;
    }

    public static bool IsDomain(string domain) =>
        domain.Length is > 0 and <= 253 && domain.Split('.').All(label =>
            label.Length is > 0 and <= 63 && !label.AsSpan().ContainsAnyExcept(Label) && label[0] != '-' && label[^1] != '-');

    /// `bounce@mail.example.org` with a tag: how a bounce tells which message it is about.
    public MailPath Tagged(string tag) => this with { Local = $"{Local}+{tag}" };

    private static bool IsLocal(string local)
    {
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return false;
        foreach (var rune in local.EnumerateRunes())
            if (rune.IsAscii ? !Atom.Contains((char)rune.Value) : System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator or UnicodeCategory.Format
                or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned || rune == System.Text.Rune.ReplacementChar) return false;
        return true;
    }

    private static string? ALabels(string domain)
    {
        try
        {
            return System.Text.Ascii.IsValid(domain) ? domain : Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
