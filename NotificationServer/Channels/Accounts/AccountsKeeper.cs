using Microsoft.Extensions.Options;
using Npgsql;

namespace NotificationServer.Channels.Accounts;

/// Keeps this node's accounts and rules as the database has them: a look at one number each second, and all of it when that changed.
internal sealed class AccountsKeeper(
    AccountStore store, AccountBuilder builder, ProviderAccounts accounts, IOptions<ChannelsOptions> options, TimeProvider clock, ILogger<AccountsKeeper> log)
    : BackgroundService
{
    private readonly SemaphoreSlim reading = new(1);
    private long version;

    /// Read before the server takes its first request.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RunOnceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Value.AccountsRefresh, clock, stoppingToken);
                await RunOnceAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// On the node that made a change it holds at once.
    internal async Task RunOnceAsync(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            if (await store.VersionAsync(ct) == version) return;
            var read = await store.ReadAsync(ct);
            accounts.Replace([.. read.Accounts.Select(row => builder.Build(row, accounts.Find(row.Key)))], read.Rules, read.RulesVersion);
            version = read.Version;
            Log.AccountsRead(log, accounts.All.Count, read.Rules.Count);
        }
        catch (NpgsqlException e)
        {
            // What was known holds on; without the database nothing can be claimed anyway.
            Log.AccountsUnread(log, e);
        }
        finally
        {
            reading.Release();
        }
    }

    public override void Dispose()
    {
        reading.Dispose();
        base.Dispose();
    }
}
