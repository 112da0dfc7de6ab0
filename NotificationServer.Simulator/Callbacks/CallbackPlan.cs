namespace NotificationServer.Simulator.Callbacks;

/// How the network treats what providers send back.
internal sealed record CallbackPlan
{
    /// Between the answer to the sender and the first call.
    public TimeSpan Delay { get; init; }
    /// Each call comes so many times more.
    public int Duplicates { get; init; }
    /// The last thing that happened is told first.
    public bool Reversed { get; init; }
    /// How many of the calls never come, 0 to 1.
    public double Loss { get; init; }
    /// The sender hears what became of its message before it hears that it was accepted.
    public bool BeforeAnswer { get; init; }
    /// Where the receiver really listens; null: where the address says. What is signed is the address in any case, as behind a proxy.
    public Uri? Target { get; init; }
    /// Where SendGrid's events go, as they would be told on its page; null: nowhere.
    public string? SendGridUrl { get; init; }
    /// The same of Mailchimp.
    public string? MailchimpUrl { get; init; }
    /// The mailbox of envelope senders: what a mail server and its users send back is put there as files. Null: nowhere.
    public string? MailDirectory { get; init; }
}
