using System.Security.Cryptography;
using System.Text;

namespace NotificationServer.Channels.Email.Smtp;

/// Signs a mail for its sender's domain (RFC 6376): rsa-sha256, both halves in relaxed form, which survives the
/// re-folding and trimming that servers on the way do.
internal sealed class DkimSigner(string domain, string selector, RSA key) : IDisposable
{
    private const int LineLength = 72;

    /// In this order, those that the mail has.
    private static readonly string[] Signed =
    [
        "from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type", "list-unsubscribe", "list-unsubscribe-post",
    ];

    private readonly Lock signing = new();

    /// The header that goes before all others.
    public string Sign(MimeMessage mail)
    {
        var covered = Signed.Select(name => (Name: name, Field: mail.Fields.LastOrDefault(field => NameOf(field) == name)))
            .Where(header => header.Field is not null).ToArray();
        var bodyHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(RelaxedBody(mail.Body))));
        var field = $"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n q=dns/txt; s={selector}; bh={bodyHash};\r\n"
            + $" h={string.Join(':', covered.Select(header => header.Name))};\r\n b=";

        var input = new StringBuilder();
        foreach (var header in covered) input.Append(RelaxedField(header.Field!)).Append("\r\n"); // left out above, if absent
        input.Append(RelaxedField(field));
        byte[] signature;
        lock (signing) signature = key.SignData(Encoding.UTF8.GetBytes(input.ToString()), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return field + string.Join("\r\n ", Convert.ToBase64String(signature).Chunk(LineLength).Select(line => new string(line)));
    }

    public void Dispose() => key.Dispose();

    internal static string RelaxedField(string field)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        return $"{NameOf(field)}:{Collapse(field[(colon + 1)..].Replace("\r\n", "", StringComparison.Ordinal)).Trim(' ')}";
    }

    internal static string RelaxedBody(string body)
    {
        var lines = body.Split("\r\n").Select(line => Collapse(line).TrimEnd(' '));
        var text = string.Join("\r\n", lines).TrimEnd('\r', '\n');
        return text.Length == 0 ? "" : text + "\r\n";
    }

    private static string NameOf(string field) => field[..field.IndexOf(':', StringComparison.Ordinal)].TrimEnd(' ', '\t').ToLowerInvariant();

    private static string Collapse(string line)
    {
        var text = new StringBuilder(line.Length);
        foreach (var letter in line)
            if (letter is not (' ' or '\t')) text.Append(letter);
            else if (text.Length == 0 || text[^1] != ' ') text.Append(' ');
        return text.ToString();
    }
}
