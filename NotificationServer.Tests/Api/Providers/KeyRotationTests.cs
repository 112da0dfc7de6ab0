using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Channels;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Providers;

/// Three starts of a server on one database: with the old key, with both, with the new one alone.
[Bar("S34")]
public sealed class KeyRotationTests
{
    private static readonly string Old = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly string New = Convert.ToBase64String(Enumerable.Repeat((byte)2, 32).ToArray());

    [Fact]
    public async Task A_key_is_changed_without_an_account_being_out_of_use()
    {
        await using var first = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?> { ["Secrets:provider_key"] = Old });
        await first.Client.JsonAsync("PUT /v1/providers/eu", """{"kind":"twilio","settings":{"account_sid":"AC1","from":"+15005550006"},"secrets":{"auth_token":"s3cret"}}""");

        await using (var both = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["AccountKeys:Active"] = "provider_key_2", ["AccountKeys:Former:0"] = "provider_key", ["Secrets:provider_key"] = Old, ["Secrets:provider_key_2"] = New,
        }, first.Database))
        {
            Assert.Equal("s3cret", SecretOf(both));
            var told = await both.Client.JsonAsync("POST /v1/providers:reencrypt");
            Assert.Equal((1, 0), (told.GetProperty("reencrypted").GetInt32(), told.GetProperty("unreadable").GetInt32()));
            Assert.Equal(0, (await both.Client.JsonAsync("POST /v1/providers:reencrypt")).GetProperty("reencrypted").GetInt32());
        }

        await using var last = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["AccountKeys:Active"] = "provider_key_2", ["Secrets:provider_key_2"] = New,
        }, first.Database);
        Assert.Equal("s3cret", SecretOf(last));
        await using var connection = await first.Database.Source.OpenConnectionAsync();
        Assert.Equal("provider_key_2", await connection.ExecuteScalarAsync<string>("select secrets_key from provider_accounts where key = 'eu'"));
        // Who has only the old key sees that it cannot use the account, and why; the others it can.
        await Eventually.IsTrueAsync(() => first.Services.GetRequiredService<ProviderAccounts>().Find("eu") is { IsUsable: false, Problem: not null });
    }

    private static string? SecretOf(ServerHost server) => server.Services.GetRequiredService<ProviderAccounts>().SettingsOf<TwilioOptions>("eu")?.AuthToken;
}
