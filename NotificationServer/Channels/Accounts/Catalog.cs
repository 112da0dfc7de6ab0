namespace NotificationServer.Channels.Accounts;

/// The accounts and the rules as they were at one moment: never changed, but replaced by the next. A message between two
/// accounts that differ in nothing but their order costs a look into a table.
internal sealed class Catalog
{
    private static readonly string?[] TokenKinds = ["apns", "fcm", "jpush", "pushy", "webpush"];
    private static readonly string?[] NoToken = [null];
    private static readonly Choice Nobody = new([], IsPlain: true);

    /// Plain: nothing about a message matters but its channel and whose token it is.
    private sealed record Choice(ProviderAccount[] Accounts, bool IsPlain);

    private readonly Dictionary<(Channel, string), Choice> choices = [];
    private readonly Dictionary<string, ProviderAccount> byKey = new(StringComparer.Ordinal);
    private readonly RoutingRule[] rules;

    public Catalog(IReadOnlyList<ProviderAccount> accounts, IReadOnlyList<RoutingRule> rules, int rulesVersion)
    {
        (All, this.rules, RulesVersion) = (accounts, [.. rules], rulesVersion);
        foreach (var account in accounts) byKey.TryAdd(account.Key, account);
        foreach (var channel in ChannelNames.All)
            foreach (var kind in KindsOf(channel)) choices[(channel, kind ?? "")] = ChoiceOf(channel, kind);
    }

    public IReadOnlyList<ProviderAccount> All { get; }
    public IReadOnlyList<RoutingRule> Rules => rules;
    public int RulesVersion { get; }

    public ProviderAccount? Find(string key) => byKey.GetValueOrDefault(key);

    /// Whatever kind of token; a null among them stands for a kind that nobody carries.
    public IEnumerable<ProviderAccount?> Serving(Channel channel) =>
        KindsOf(channel).SelectMany(kind => choices[(channel, kind ?? "")].Accounts is { Length: > 0 } some ? some : new ProviderAccount?[] { null }).Distinct();

    public AccountRoute Of(in RouteQuery query)
    {
        var choice = choices.GetValueOrDefault((query.Channel, query.PushProvider ?? ""), Nobody);
        if (query.Pinned is { } pinned && OfPinned(pinned, query) is { } wanted) return new AccountRoute(wanted, AccountRoute.Pinned);
        if (choice.IsPlain) return new AccountRoute(choice.Accounts, null);

        var country = query.Country;
        foreach (var rule in rules)
            if (rule.Fits(query, country)) return new AccountRoute(Named(rule, query), rule.Key);
        return new AccountRoute(Fitting(choice.Accounts, query, country), null);
    }

    /// Null: it is of another kind, and what an operator said of many messages does not concern this one.
    private ProviderAccount[]? OfPinned(string key, in RouteQuery query) => Find(key) switch
    {
        null => [],
        var account when account.Carries(query.Channel, query.PushProvider) => account.Enabled ? [account] : [],
        { Connection: null } => [],
        _ => null,
    };

    /// Whoever wrote the rule chose the countries; an app's key is good for no other app, whatever a rule says.
    private List<ProviderAccount> Named(RoutingRule rule, RouteQuery query)
    {
        var named = new List<ProviderAccount>(rule.Accounts.Length);
        foreach (var key in rule.Accounts)
            if (Find(key) is { IsUsable: true } account && account.Carries(query.Channel, query.PushProvider) && account.ServesApp(query.AppId)) named.Add(account);
        return named;
    }

    private static List<ProviderAccount> Fitting(ProviderAccount[] accounts, RouteQuery query, string? country)
    {
        var fitting = new List<ProviderAccount>(accounts.Length);
        foreach (var account in accounts)
            if (account.ServesMarket(country) && account.ServesApp(query.AppId)) fitting.Add(account);
        if (fitting.Count > 1) fitting.Sort((one, other) => Shares.Compare(one, other, query.Message));
        return fitting;
    }

    private Choice ChoiceOf(Channel channel, string? kind)
    {
        ProviderAccount[] accounts = [.. All.Where(account => account.IsUsable && account.Carries(channel, kind)).OrderBy(account => account.Order)];
        var isPlain = !Array.Exists(rules, rule => rule.Concerns(channel))
            && Array.TrueForAll(accounts, account => account is { Markets.Count: 0, Apps.Count: 0 })
            && accounts.Select(account => account.Order).Distinct().Count() == accounts.Length;
        return new Choice(accounts, isPlain);
    }

    private static string?[] KindsOf(Channel channel) => channel.Family() == ChannelFamily.Push ? TokenKinds : NoToken;
}
