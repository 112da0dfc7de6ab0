using System.Text;

namespace NotificationServer.Admin.Identity;

/// What a guesser would try although it is long: walks over the keyboard, repeated pieces, well-known sentences, and the words that
/// everybody's password is made of, in whatever spelling. The words are our own list (`common-passwords.txt`); nothing is asked outside.
internal static class CommonPasswords
{
    /// As many letters and digits have to be left when the usual words are taken out.
    private const int OwnPart = 6;

    private static readonly string[] Walks =
    [
        "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789", "1qaz2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "qawsedrftgyhujikolp",
    ];

    /// Neighbours on a walk, in either direction.
    private static readonly HashSet<string> Steps = [.. Walks.SelectMany(walk => Enumerable.Range(0, walk.Length - 1)
        .SelectMany(at => new[] { walk.Substring(at, 2), $"{walk[at + 1]}{walk[at]}" }))];

    private static readonly (HashSet<string> Sentences, string[] Words) Known = Read();

    public static bool Has(string password)
    {
        var plain = Plain(password);
        var spelt = Plain(Spelt(password));
        return Known.Sentences.Contains(plain) || Known.Sentences.Contains(spelt)
            || IsRepeated(plain) || IsWalk(plain)
            || Math.Min(Left(plain), Left(spelt)) < OwnPart;
    }

    /// Letters and digits, in small.
    private static string Plain(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// `p4$$w0rd` is `password`.
    private static string Spelt(string text) => string.Concat(text.Select(letter => letter switch
    {
        '0' => 'o', '1' or '!' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', '8' => 'b', _ => letter,
    }));

    private static int Left(string text)
    {
        foreach (var word in Known.Words) text = text.Replace(word, " ", StringComparison.Ordinal);
        return text.Any(char.IsLetter) ? text.Count(char.IsLetterOrDigit) : 0; // a year behind it is nobody's own idea
    }

    private static bool IsRepeated(string text) =>
        Enumerable.Range(1, Math.Max(0, text.Length / 2)).Any(length => !text.Where((letter, at) => letter != text[at % length]).Any());

    /// Nearly all of it is walked.
    private static bool IsWalk(string text) =>
        text.Length > 1 && Enumerable.Range(0, text.Length - 1).Count(at => Steps.Contains(text.Substring(at, 2))) >= (text.Length - 1) * 0.8;

    private static (HashSet<string>, string[]) Read()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!); // embedded by the project file
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToArray();
        return (
            [.. lines.Where(line => line.Contains(' ', StringComparison.Ordinal)).Select(Plain)],
            // The longest first: "passwords" is not "password" and an s.
            [.. lines.Where(line => !line.Contains(' ', StringComparison.Ordinal)).OrderByDescending(line => line.Length)]);
    }
}
