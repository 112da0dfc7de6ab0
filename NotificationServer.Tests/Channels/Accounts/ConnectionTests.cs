using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;

namespace NotificationServer.Tests.Channels.Accounts;

/// An account that is changed or removed while messages are on their way through it.
public sealed class ConnectionTests
{
    [Fact]
    public async Task What_is_being_sent_comes_to_its_end_before_the_connector_goes_and_nothing_new_begins()
    {
        var provider = new SlowProvider();
        var connection = new Connection(provider, isOwned: true);
        Assert.True(connection.TryEnter());
        var sending = connection.SendAsync(new SmsMessage { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+15550123456", Text = "Hello" }, null, CancellationToken.None);

        connection.Retire();
        Assert.False(provider.IsDisposed);
        provider.Answer.SetResult(SendOutcome.Accepted("id"));
        Assert.Equal(SendStatus.Accepted, (await sending).Status);
        connection.Leave();

        Assert.True(provider.IsDisposed);
        Assert.False(connection.TryEnter());
    }

    [Fact]
    public void Whoever_keeps_its_wiring_keeps_its_connector_and_who_is_gone_loses_it()
    {
        var (kept, gone) = (new SlowProvider(), new SlowProvider());
        using var accounts = new ProviderAccounts([], [], []);
        var one = Account("one", new Connection(kept, isOwned: true));
        accounts.Replace([one, Account("two", new Connection(gone, isOwned: true))], [], rulesVersion: 1);
        accounts.Replace([one with { Order = 7 }], [], rulesVersion: 1);

        Assert.Equal((false, true), (kept.IsDisposed, gone.IsDisposed));
        Assert.Equal(7, accounts.Find("one")?.Order);
    }

    [Fact]
    public void A_row_takes_the_place_of_the_configured_account_of_its_key_and_gives_it_back()
    {
        var (configured, row) = (new SlowProvider(), new SlowProvider());
        using var accounts = new ProviderAccounts([], [new ProviderSlot<SmsMessage>(configured)], []);
        accounts.Replace([Account("slow", new Connection(row, isOwned: true))], [], rulesVersion: 1);
        Assert.Same(row, accounts.Find("slow")?.Provider);

        accounts.Replace([], [], rulesVersion: 1);

        Assert.Same(configured, accounts.Find("slow")?.Provider);
        Assert.Equal((true, false), (row.IsDisposed, configured.IsDisposed));
    }

    private static ProviderAccount Account(string key, Connection connection) => new(key, "slow") { Channels = [Channel.Sms], Order = 1, Connection = connection };

    private sealed class SlowProvider : IProvider<SmsMessage>, IDisposable
    {
        public TaskCompletionSource<SendOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool IsDisposed { get; private set; }
        public string Name => "slow";
        public bool Carries(Channel channel, string? pushProvider) => true;
        public Task<SendOutcome> SendAsync(SmsMessage message, CancellationToken ct) => Answer.Task;
        public void Dispose() => IsDisposed = true;
    }
}
