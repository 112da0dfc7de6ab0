using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Accounts;

/// The names of the keys that accounts' secrets are stored under. The keys themselves are `Secrets:{name}` or `Secrets:{name}File`,
/// as all secrets of the server, and never in the database.
internal sealed class AccountKeysOptions
{
    public const string Section = "AccountKeys";

    /// What is stored from now on is stored under this one.
    [Required, RegularExpression("[a-z0-9_]{1,60}")] public string Active { get; init; } = "provider_key";

    /// What was stored before may be stored under one of these: a key stays here until nothing is.
    public IReadOnlyList<string> Former { get; init; } = [];
}
