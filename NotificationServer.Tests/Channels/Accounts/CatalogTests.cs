using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;

namespace NotificationServer.Tests.Channels.Accounts;

/// Who carries what: a table of accounts and rules, and questions about it.
public sealed class CatalogTests
{
    private static readonly ProviderAccount World = Account("world", order: 50);
    private static readonly ProviderAccount Europe = Account("europe", order: 10) with { Markets = ["DE", "CH"] };
    private static readonly ProviderAccount Spare = Account("spare", order: 90);

    [Theory]
    [InlineData("+41791234567", "europe,world,spare")]
    [InlineData("+4915112345678", "europe,world,spare")]
    [InlineData("+14155550123", "world,spare")]
    // Of no country: only where country does not matter.
    [InlineData("+88161234567", "world,spare")]
    public void An_account_of_some_markets_carries_nothing_else_and_order_decides(string phone, string expected) =>
        Assert.Equal(expected, Keys(Catalog([World, Europe, Spare]), To(phone)));

    [Fact]
    public void The_first_rule_that_fits_decides_and_nobody_beside_its_accounts_carries_what_fits_it()
    {
        var catalog = Catalog([World, Europe, Spare],
            new() { Key = "codes", Categories = ["security"], Accounts = ["spare", "world"] },
            new() { Key = "swiss", Channels = ["sms"], Countries = ["CH"], Accounts = ["spare"] },
            new() { Key = "mail", Channels = ["email"], Accounts = ["europe"] });

        Assert.Equal(("spare", "swiss"), Told(catalog.Of(To("+41791234567"))));
        Assert.Equal(("spare,world", "codes"), Told(catalog.Of(To("+41791234567") with { Category = "security" })));
        Assert.Equal(("europe,world,spare", null), Told(catalog.Of(To("+491511234567"))));
    }

    [Fact]
    public void A_rule_whose_accounts_are_all_gone_lets_nobody_else_carry_it()
    {
        var catalog = Catalog([World, Spare with { Enabled = false }], new RoutingRule { Key = "only-spare", Countries = ["CH"], Accounts = ["spare"] });

        Assert.Equal(("", "only-spare"), Told(catalog.Of(To("+41791234567"))));
        Assert.Equal(("world", null), Told(catalog.Of(To("+14155550123"))));
    }

    [Fact]
    public void A_key_for_one_app_is_asked_for_no_other_not_even_by_a_rule()
    {
        var shop = Push("shop") with { Apps = ["com.example.shop"] };
        var bank = Push("bank") with { Apps = ["com.example.bank"] };
        var free = Catalog([shop, bank]);
        var ruled = Catalog([shop, bank], new RoutingRule { Key = "all", Accounts = ["bank", "shop"] });
        var query = new RouteQuery(Channel.IosPush, "apns") { AppId = "com.example.shop" };

        Assert.Equal("shop", Keys(free, query));
        Assert.Equal("shop", Keys(ruled, query));
    }

    [Fact]
    public void For_a_push_and_a_mail_the_country_is_the_users()
    {
        var china = Push("jpush-cn") with { Markets = ["CN"] };
        var rest = Push("rest") with { Order = 500 };

        Assert.Equal("jpush-cn,rest", Keys(Catalog([rest, china]), new RouteQuery(Channel.IosPush, "apns") { UserCountry = "CN" }));
        Assert.Equal("rest", Keys(Catalog([rest, china]), new RouteQuery(Channel.IosPush, "apns")));
    }

    [Fact]
    public void Accounts_of_one_order_share_by_weight_and_a_message_asks_the_same_one_first_each_time()
    {
        var catalog = Catalog([Account("a", 10) with { Weight = 1 }, Account("b", 10) with { Weight = 3 }]);
        var messages = Enumerable.Range(0, 4000).Select(_ => Guid.CreateVersion7()).ToList();

        var first = messages.ConvertAll(id => catalog.Of(To("+14155550123") with { Message = id }).Candidates[0].Key);

        Assert.Equal(first, messages.ConvertAll(id => catalog.Of(To("+14155550123") with { Message = id }).Candidates[0].Key));
        Assert.InRange(first.Count(key => key == "b") / 4000.0, 0.70, 0.80);
        // When a third comes, nobody moves between the two that were there.
        var grown = Catalog([.. catalog.All, Account("c", 10) with { Weight = 2 }]);
        Assert.All(messages.Zip(first), pair => Assert.Contains(grown.Of(To("+14155550123") with { Message = pair.First }).Candidates[0].Key, new[] { pair.Second, "c" }));
    }

    [Fact]
    public void Who_is_pinned_carries_it_alone_but_only_what_it_can_carry_at_all()
    {
        var catalog = Catalog([World, Europe, Push("push")], new RoutingRule { Key = "r", Channels = ["sms"], Accounts = ["world"] });

        Assert.Equal(("europe", "pinned"), Told(catalog.Of(To("+14155550123") with { Pinned = "europe" })));
        Assert.Equal(("world", "r"), Told(catalog.Of(To("+14155550123") with { Pinned = "push" })));
        Assert.Equal(("", "pinned"), Told(catalog.Of(To("+14155550123") with { Pinned = "gone" })));
    }

    [Theory]
    [InlineData("+41791234567", "CH")]
    [InlineData("+14155550123", "US")]
    [InlineData("+14165550123", "CA")]
    [InlineData("+18765550123", "JM")]
    [InlineData("+77011234567", "KZ")]
    [InlineData("+79161234567", "RU")]
    [InlineData("+441534123456", "JE")]
    [InlineData("+447400123456", "GB")]
    [InlineData("+8613812345678", "CN")]
    [InlineData("+821012345678", "KR")]
    [InlineData("+85251234567", "HK")]
    [InlineData("+88161234567", null)]
    [InlineData(null, null)]
    [InlineData("+", null)]
    public void The_longest_known_beginning_of_a_number_is_its_country(string? phone, string? country) => Assert.Equal(country, PhoneCountry.Of(phone));

    private static RouteQuery To(string phone) => new(Channel.Sms, null) { Address = phone };

    private static string Keys(Catalog catalog, RouteQuery query) => Told(catalog.Of(query)).Keys;

    private static (string Keys, string? Rule) Told(AccountRoute route) => (string.Join(",", route.Candidates.Select(account => account.Key)), route.Rule);

    private static Catalog Catalog(IReadOnlyList<ProviderAccount> accounts, params RoutingRule[] rules) => new(accounts, rules, rulesVersion: 1);

    private static ProviderAccount Account(string key, int order) => new(key, "fake")
    {
        Channels = [Channel.Sms, Channel.Email], Order = order, Connection = new Connection(new SilentProvider(), isOwned: true),
    };

    private static ProviderAccount Push(string key) => new(key, "fake")
    {
        Channels = [Channel.IosPush], Order = 10, Connection = new Connection(new SilentProvider(), isOwned: true),
    };

    private sealed class SilentProvider : IProvider<SmsMessage>
    {
        public string Name => "fake";
        public bool Carries(Channel channel, string? pushProvider) => true;
        public Task<SendOutcome> SendAsync(SmsMessage message, CancellationToken ct) => Task.FromResult(SendOutcome.Accepted(null));
    }
}
