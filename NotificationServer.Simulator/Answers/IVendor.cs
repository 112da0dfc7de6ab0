using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Answers;

/// One provider's HTTP surface.
internal interface IVendor
{
    /// As in the ledger and in the control paths.
    string Name { get; }

    /// Nothing beyond this is read; the body that is judged is then longer than this.
    int MaxBody { get; }

    Verdict Judge(HttpRequest request, ReadOnlyMemory<byte> body);

    /// These are in the ledger now, whatever the sender will be told.
    void Taken(IReadOnlyList<LedgerEntry> entries)
    {
    }

    /// The provider's own error for a status; null: its usual code there.
    Answer Error(int status, string? code);

    /// The answer after which an address must not be used again.
    Answer DeadRecipient();

    /// How the provider says "wait".
    IReadOnlyList<Header> Wait(string raw) => [new("retry-after", raw)];
}
