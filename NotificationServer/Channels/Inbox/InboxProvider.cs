namespace NotificationServer.Channels.Inbox;

/// The development inbox: a vendor for every kind of message that shows them to developers and to nobody else.
internal sealed class InboxProvider(InboxWriter writer) : IProvider<OutboundMessage>
{
    public string Name => "inbox";

    public bool Carries(Channel channel, string? pushProvider) => true;

    public async Task<SendOutcome> SendAsync(OutboundMessage message, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return SendOutcome.NotSent("timeout_before_sending", "the deadline passed before the inbox was written");
        try
        {
            return await writer.WriteAsync(InboxRendering.Render(Guid.CreateVersion7(), message)).WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return SendOutcome.Unknown("timeout", "the inbox's insert took longer than the deadline");
        }
    }
}
