using Microsoft.Extensions.Options;
using NotificationServer.Channels.Inbox;

namespace NotificationServer.Channels;

/// Which provider carries a message, and the call of it: within its own deadline, and never an exception for what a
/// network or a vendor does.
internal sealed class ProviderRoutes
{
    /// Whose tokens there are; the other families have none.
    private static readonly string[] PushProviders = ["apns", "fcm", "jpush", "pushy", "webpush"];

    private readonly IProvider<PushMessage>[] push;
    private readonly IProvider<SmsMessage>[] sms;
    private readonly IProvider<EmailMessage>[] email;
    private readonly InboxProvider inbox;
    private readonly bool inboxEnabled;
    private readonly ChannelsOptions options;

    public ProviderRoutes(
        IEnumerable<ProviderSlot<PushMessage>> push, IEnumerable<ProviderSlot<SmsMessage>> sms, IEnumerable<ProviderSlot<EmailMessage>> email,
        InboxProvider inbox, IOptions<InboxOptions> inboxOptions, IOptions<ChannelsOptions> options, IHostEnvironment environment, ILogger<ProviderRoutes> log)
    {
        (this.push, this.sms, this.email) = (Filled(push), Filled(sms), Filled(email));
        (this.inbox, this.options) = (inbox, options.Value);
        inboxEnabled = inboxOptions.Value.Enabled ?? environment.IsDevelopment();
        Log.Routes(log, Names(this.push), Names(this.sms), Names(this.email), inboxEnabled ? "for the rest" : "for sandbox only");
    }

    /// Whether there is anyone to carry it. Asked at intake, so that what nobody can send is told at once.
    public bool CanCarry(Channel channel, string? pushProvider, bool sandbox) => NameFor(channel, pushProvider, sandbox) is not null;

    /// Who would carry it; null: nobody.
    public string? NameFor(Channel channel, string? pushProvider, bool sandbox) => channel.Family() switch
    {
        ChannelFamily.Push => Route(push, channel, pushProvider, sandbox)?.Name,
        ChannelFamily.Sms => Route(sms, channel, pushProvider, sandbox)?.Name,
        ChannelFamily.Email => Route(email, channel, pushProvider, sandbox)?.Name,
    };

    /// Everyone who may carry the channel's messages, but for the inbox of sandbox messages.
    public IReadOnlyList<string> NamesFor(Channel channel) =>
        [.. PushProviders.Select(owner => NameFor(channel, owner, sandbox: false)).OfType<string>().Distinct()];

    /// <c>ct</c> ends the call early; a worker that stops should not cancel it, for that turns "sent" into "unknown".
    public async ValueTask<(string Provider, SendOutcome Outcome)> SendAsync(OutboundMessage message, bool sandbox, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.DeadlineOf(message.Channel));
        return message switch
        {
            PushMessage m => await CallAsync(Route(push, m.Channel, m.PushProvider, sandbox), m, deadline.Token),
            SmsMessage m => await CallAsync(Route(sms, m.Channel, null, sandbox), m, deadline.Token),
            EmailMessage m => await CallAsync(Route(email, m.Channel, null, sandbox), m, deadline.Token),
            _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a kind of message"),
        };
    }

    private static async ValueTask<(string, SendOutcome)> CallAsync<TMessage>(IProvider<TMessage>? provider, TMessage message, CancellationToken ct)
        where TMessage : OutboundMessage =>
        provider is null
            ? ("none", SendOutcome.NotSent("no_provider", $"no provider is configured for {message.Channel.Name()}"))
            : (provider.Name, await provider.SendAsync(message, ct));

    private IProvider<TMessage>? Route<TMessage>(IProvider<TMessage>[] providers, Channel channel, string? pushProvider, bool sandbox)
        where TMessage : OutboundMessage
    {
        if (sandbox) return inbox;
        foreach (var provider in providers)
            if (provider.Carries(channel, pushProvider)) return provider;
        return inboxEnabled ? inbox : null;
    }

    private static IProvider<TMessage>[] Filled<TMessage>(IEnumerable<ProviderSlot<TMessage>> slots) where TMessage : OutboundMessage =>
        [.. slots.Select(slot => slot.Provider).OfType<IProvider<TMessage>>()];

    private static string Names<TMessage>(IProvider<TMessage>[] providers) where TMessage : OutboundMessage =>
        providers.Length == 0 ? "none" : string.Join(", ", providers.Select(provider => provider.Name));
}
