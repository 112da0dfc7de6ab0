using Microsoft.Extensions.Options;
using NotificationServer.Channels.Accounts;
using NotificationServer.Channels.Inbox;

namespace NotificationServer.Channels;

/// Which accounts may carry a message, and the call of one: within its own deadline, and never an exception for what a
/// network or a vendor does.
internal sealed class ProviderRoutes
{
    private static readonly SendOutcome Gone = SendOutcome.NotSent("account_gone", "the account was changed or removed a moment ago");

    private readonly ProviderAccounts accounts;
    private readonly ProviderAccount[] inbox;
    private readonly bool inboxEnabled;
    private readonly ChannelsOptions options;
    private readonly ILogger<ProviderRoutes> log;
    private volatile Table? table;

    private sealed record Table(Catalog Of, Dictionary<Channel, string[]> Accounts);

    public ProviderRoutes(
        ProviderAccounts accounts, InboxProvider inbox, IOptions<InboxOptions> inboxOptions, IOptions<ChannelsOptions> options, IHostEnvironment environment,
        ILogger<ProviderRoutes> log)
    {
        (this.accounts, this.options, this.log) = (accounts, options.Value, log);
        this.inbox = [new ProviderAccount(inbox.Name, inbox.Name) { Channels = ChannelNames.All, IsConfigured = true, Connection = new Connection(inbox, isOwned: false) }];
        inboxEnabled = inboxOptions.Value.Enabled ?? environment.IsDevelopment();
        Log.Routes(log, Names(ChannelFamily.Push), Names(ChannelFamily.Sms), Names(ChannelFamily.Email), inboxEnabled ? "for the rest" : "for sandbox only");
    }

    /// False until the accounts and rules of the database are known.
    public bool IsReady => accounts.IsRead;

    /// Also of an account that carries nothing at the moment.
    public bool Knows(string account) => accounts.Find(account) is not null;

    /// Who may carry it; nobody: there is no account for it, or not any more.
    public AccountRoute Of(in RouteQuery query)
    {
        if (query.Sandbox) return new AccountRoute(inbox, null);
        var route = accounts.Current.Of(query);
        return route.Candidates.Count == 0 && inboxEnabled && route.Rule != AccountRoute.Pinned ? new AccountRoute(inbox, route.Rule) : route;
    }

    /// Whether there is anyone to carry it. Asked at intake, so that what nobody can send is told at once.
    public bool CanCarry(in RouteQuery query) => Of(query).Candidates.Count > 0;

    /// Who would carry it as far as its channel goes; null: nobody.
    public string? NameFor(Channel channel, string? pushProvider, bool sandbox) =>
        Of(new RouteQuery(channel, pushProvider) { Sandbox = sandbox }).Candidates is [var first, ..] ? first.Key : null;

    /// The accounts that messages of a channel go through, whatever kind of token they have.
    public IReadOnlyList<string> AccountsOf(Channel channel)
    {
        var now = accounts.Current;
        if (table is not { } known || known.Of != now) table = known = new Table(now, ChannelNames.All.ToDictionary(one => one, one => KeysOf(now, one)));
        return known.Accounts[channel];
    }

    public ValueTask<SendOutcome> SendAsync(ProviderAccount account, OutboundMessage message, CancellationToken ct) => SendAsync(account, message, null, ct);

    /// <c>ct</c> ends the call early; a worker that stops should not cancel it, for that turns "sent" into "unknown".
    public async ValueTask<SendOutcome> SendAsync(ProviderAccount account, OutboundMessage message, CallStart? start, CancellationToken ct)
    {
        if (account.Connection is not { } connection || !connection.TryEnter()) return Gone;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var time = options.DeadlineOf(message.Channel);
        if (start is null) deadline.CancelAfter(time);
        else start.Within(deadline, time);
        try
        {
            return (await connection.SendAsync(message, start, deadline.Token)).Storable();
        }
#pragma warning disable CA1031 // A connector that broke, or let its deadline out, may have done so after its request was written: that is "unknown", not a call to repeat all day.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.ConnectorBroke(log, account.Key, message.Id, e);
            return SendOutcome.Unknown("connector_broke", $"the connector of {account.Vendor} broke ({e.GetType().Name}): the message may be out");
        }
        finally
        {
            connection.Leave();
        }
    }

    /// Through whoever comes first.
    public async ValueTask<(string Provider, SendOutcome Outcome)> SendAsync(OutboundMessage message, bool sandbox, CancellationToken ct)
    {
        var query = new RouteQuery(message.Channel, (message as PushMessage)?.PushProvider) { Message = message.Id, Sandbox = sandbox };
        return Of(query).Candidates is [var first, ..] ? (first.Key, await SendAsync(first, message, ct)) : ("none", NoProvider(message.Channel));
    }

    public static SendOutcome NoProvider(Channel channel) => SendOutcome.NotSent("no_provider", $"no provider is configured for {channel.Name()}");

    private string[] KeysOf(Catalog catalog, Channel channel) =>
        [.. catalog.Serving(channel).Select(account => account?.Key ?? (inboxEnabled ? inbox[0].Key : null)).OfType<string>().Distinct()];

    private string Names(ChannelFamily family) =>
        accounts.All.Where(account => account.Channels.Any(channel => channel.Family() == family)).Select(account => account.Key).ToArray() is { Length: > 0 } some
            ? string.Join(", ", some) : "none";
}
