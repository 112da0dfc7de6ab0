using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Answers;

/// What a provider makes of a request before any fault: its answer, and what it thereby accepts.
internal readonly record struct Verdict
{
    public required Answer Answer { get; init; }
    public bool Refused { get; private init; }
    /// Empty where an accepted request sends nothing (a dry run, an access token).
    public IReadOnlyList<LedgerEntry> Accepted { get; private init; }
    public Fault? Magic { get; private init; }
    public string Recipient { get; private init; }
    /// What the provider will tell of it, if it is accepted; null: nothing.
    public IReadOnlyList<CallbackCall>? Callbacks { get; init; }
    /// On whatever answer is given in the end, faults included.
    public Header? Echo { get; init; }

    public static Verdict Refuse(Answer answer) => new() { Answer = answer, Refused = true, Accepted = [], Recipient = "" };

    public static Verdict Accept(Answer answer, IReadOnlyList<LedgerEntry> accepted, string recipient, Fault? magic) =>
        new() { Answer = answer, Accepted = accepted, Recipient = recipient, Magic = magic };
}
