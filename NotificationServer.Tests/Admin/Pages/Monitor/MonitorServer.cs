using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Admin.Pages.Monitor;

/// A server that shows and keeps house but sends nothing, so that what is put into its queues stays there to be looked at. A node that
/// would send is written down as alive.
public sealed class MonitorServer : IAsyncLifetime
{
    private readonly ServerHost host = new("Development", new Dictionary<string, string?>
    {
        ["Roles"] = "api,admin,scheduler",
        ["Admin:RecheckEvery"] = "00:00:00",
        ["Queue:Sweep"] = "00:05:00",
        ["Channels:Inbox:Enabled"] = "false",
        ["Channels:Twilio:AccountSid"] = "AC1", ["Channels:Twilio:AuthToken"] = "x", ["Channels:Twilio:From"] = "+15005550006",
        ["Channels:SendGrid:ApiKey"] = "SG.x", ["Channels:SendGrid:From"] = "shop@example.org",
    });

    public NpgsqlDataSource Db => host.Database.Source;

    public IServiceProvider Services => host.Services;

    public Uri Address => host.Address;

    public string Email => Services.GetRequiredService<DevelopmentFile>().Get("NS_ADMIN_EMAIL")!; // made at its start

    public string Password => Services.GetRequiredService<DevelopmentFile>().Get("NS_ADMIN_PASSWORD")!; // likewise

    public async Task InitializeAsync()
    {
        await host.InitializeAsync();
        await ExecuteAsync("""
            insert into nodes (name, roles, version, seen_at, load, calls)
            values ('sender-1', '{worker}', '1.0.0+0123456789abcdef', now() + interval '10 minutes', '{"sms":{"in_flight":3,"slots":200}}', '{"sendgrid":{"calls":60,"failed":6,"seconds":30}}')
            """);
    }

    public Task DisposeAsync() => host.DisposeAsync();

    internal async Task<AdminClient> SignedInAsync()
    {
        var client = new AdminClient(Address);
        Assert.Equal(302, (int)(await client.SignInAsync(Email, Password)).StatusCode);
        return client;
    }

    internal async Task<AdminClient> SignedInAsAsync(string role)
    {
        const string password = "seven quiet herons wade";
        var email = $"{role}-{Guid.CreateVersion7():N}@example.org";
        await using (var scope = Services.CreateAsyncScope())
        {
            var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
            var member = new StaffMember { UserName = email, Email = email };
            Assert.True((await staff.CreateAsync(member, password)).Succeeded);
            Assert.True((await staff.AddToRoleAsync(member, role)).Succeeded);
        }
        var client = new AdminClient(Address);
        Assert.Equal(302, (int)(await client.SignInAsync(email, password)).StatusCode);
        return client;
    }

    internal async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Db.OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, parameters);
    }

    internal async Task<T?> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }

    /// Messages that wait for so long already; negative: they are for later.
    internal Task<int> GivenWaitingAsync(string channel, int count, TimeSpan since, short lane = 1, int failures = 0) => ExecuteAsync("""
        with made as (
            insert into messages (id, notification_id, client_id, channel, lane, address, status, template, created_at, updated_at)
            select id, id, id, @channel, @lane, '+15550100', 'queued', 'order-shipped', now(), now() from unnest(@ids) as id
        )
        insert into jobs (channel, id, lane, run_at, failures, first_failed_at)
        select @channel, id, @lane, now() - @since, @failures, case when @failures > 0 then now() end from unnest(@ids) as id
        """, new { channel, lane, since, failures, ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray() });

    /// Dead letters of one kind, from now.
    internal Task<int> GivenFailedAsync(string channel, string provider, string fingerprint, string summary, int count) => ExecuteAsync("""
        with ids as materialized (
            select * from unnest(@ids) as id
        ), made as (
            insert into messages (id, notification_id, client_id, channel, lane, address, status, reason, provider, created_at, updated_at)
            select id, id, id, @channel, 1, '+15550100', 'queued', null, @provider, now(), now() from ids
        ), grouped as (
            insert into failure_groups (fingerprint, channel, provider, error_code, summary, total, sample_message_id)
            select @fingerprint, @channel, @provider, '21610', @summary, count(*), min(id::text)::uuid from ids
        )
        insert into dead_letters (message_id, notification_id, client_id, channel, lane, provider, error_code, fingerprint, reason, attempts)
        select id, id, id, @channel, 1, @provider, '21610', @fingerprint, @summary, 1 from ids;
        update messages set status = 'failed', reason = @summary where id = any(@ids)
        """, new { channel, provider, fingerprint, summary, ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray() });

    /// The breaker of an account, as a node opens it.
    internal Task<int> GivenClosedAccountAsync(string account, string reason, TimeSpan since) => ExecuteAsync("""
        insert into provider_gates (account, breaker, reason, opened_at, open_until, times_opened)
        values (@account, 'open', @reason, now() - @since, now() + interval '1 hour', 3)
        on conflict (account) do update set breaker = 'open', reason = excluded.reason, opened_at = excluded.opened_at, open_until = excluded.open_until
        """, new { account, reason, since });
}
