using NotificationServer.Recipients;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Admin.Pages.Suppressions;

/// How an address came to be suppressed, and what may happen if it is written to all the same.
internal static class SuppressionWords
{
    public static readonly string[] Reasons = ["hard_bounce", "complaint", "unsubscribed", "stop", "manual", "invalid_token", "erased"];

    public static string Reason(string reason) => reason switch
    {
        "hard_bounce" => "Hard bounce",
        "complaint" => "Complaint",
        "unsubscribed" => "Unsubscribed",
        "stop" => "Wrote STOP",
        "manual" => "By hand",
        "invalid_token" => "Dead token",
        "erased" => "Erased",
        _ => reason,
    };

    public static string Meaning(string reason) => reason switch
    {
        "hard_bounce" => "A provider said that this address does not exist.",
        "complaint" => "The reader called a message spam.",
        "unsubscribed" => "The reader said no, by a link or through a provider.",
        "stop" => "The owner of the number wrote STOP.",
        "manual" => "Somebody decided so.",
        "invalid_token" => "A push service said that this token is dead.",
        "erased" => "The person asked to be forgotten; only a hash of the address is left.",
        _ => "",
    };

    /// Null: lifting it is nobody's harm.
    public static string? Warning(string reason) => reason switch
    {
        "hard_bounce" => "If the address is still dead, the next message bounces again. Mailbox providers count bounces against the sender: too many, and mail to everybody else goes to spam or is refused.",
        "complaint" => "This person called a message of ours spam. Another one may bring another complaint; from 1 in 1,000 mails on, mailbox providers start to refuse all of them. Lift it only if they asked for it.",
        "unsubscribed" or "stop" => "This person said no. To write to them again needs a new yes from them; without it, it is against the law in most countries.",
        "erased" => "This person asked to be forgotten. Lift it only if they came back and said yes.",
        _ => null,
    };

    /// A token is as long as a line; of it, as of a hash, the beginning is enough to know it again.
    public static string Shown(Suppression row) => row.Address.StartsWith(AddressHash.Prefix, StringComparison.Ordinal) ? Masked.Any(row.Address)
        : row.Address.Length <= 80 ? row.Address : $"{row.Address[..40]}…";

    public static string Scope(Suppression row) => row.Category switch
    {
        "" => "everything",
        SuppressionScope.AllMarketing => "all marketing",
        var category => category,
    };
}
