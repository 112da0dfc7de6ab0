namespace NotificationServer.Channels.Accounts;

/// What the choice of an account goes by.
internal readonly record struct RouteQuery(Channel Channel, string? PushProvider)
{
    /// Shares by weight are kept by it: a message asks the same account first each time.
    public Guid Message { get; init; }
    public string? Address { get; init; }
    public string? AppId { get; init; }
    /// What is known of the person; a phone number says it for itself.
    public string? UserCountry { get; init; }
    public string? Category { get; init; }
    public string? Template { get; init; }
    public bool Sandbox { get; init; }
    /// This account and no other; of another kind than the message, it does not matter.
    public string? Pinned { get; init; }

    public string? Country => Channel == Channel.Sms ? PhoneCountry.Of(Address) : UserCountry;
}

/// The accounts that may carry a message, the first to be asked first, and the rule that chose them.
internal readonly record struct AccountRoute(IReadOnlyList<ProviderAccount> Candidates, string? Rule)
{
    /// What stands for a rule where a person chose the account.
    public const string Pinned = "pinned";
}
