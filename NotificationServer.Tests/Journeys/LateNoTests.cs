using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Channels;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Channels.Email.Smtp;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// People say no while their mail has had its look and waits for something of ours: its account's moment, or a connection.
public sealed class LateNoTests : IAsyncLifetime
{
    private readonly ScriptedMailServer mails = new();
    private readonly ManualResetEventSlim said = new(initialState: true);
    private ServerHost server = null!; // xunit initialises before any test

    public async Task InitializeAsync()
    {
        mails.Answer = command =>
        {
            if (command == ".") said.Wait();
            return null;
        };
        server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Channels:TrustedRootsFile"] = TestRoot.File,
            ["Channels:Inbox:Enabled"] = "false",
            // So that no test has to wait until a look is old.
            ["Delivery:ConsentMaxAge"] = "00:00:00.01",
            ["Queue:Poll"] = "00:00:00.1",
            ["Secrets:provider_key"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()),
        });
        foreach (var person in new[] { "first", "late" }) await server.GivenUserAsync(person, $$"""{"email":"{{person}}@example.org"}""");
    }

    public async Task DisposeAsync()
    {
        said.Set();
        await ((IAsyncLifetime)server).DisposeAsync();
        await mails.DisposeAsync();
        said.Dispose();
    }

    [Fact]
    public async Task Whoever_says_no_while_the_mail_waits_for_its_moment_gets_none()
    {
        await GivenAccountAsync("\"rate_per_second\":50");
        await UntilAsync(await PostAsync("first"), "sent");
        string message;
        await using (var connection = await server.Database.Source.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            // Nobody gets a moment now.
            await connection.ExecuteAsync("select from provider_rates for update");
            message = await PostAsync("late");
            await Eventually.IsTrueAsync(async () => await CountAsync(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'update provider_rates%'") > 0);
            await SayNoAsync();
        }

        await UntilAsync(message, "suppressed");
        Assert.Single(mails.Mails);
        Assert.Equal(0, await CountAsync("select count(*) from attempts a join messages m on m.id = a.message_id where m.user_id = 'late'"));
    }

    [Fact]
    public async Task Whoever_says_no_while_the_mail_waits_for_a_connection_gets_none()
    {
        // With a limit a day, so that it can be seen when the second has passed everything but the connection.
        await GivenAccountAsync("\"daily_cap\":1000");
        said.Reset();
        var first = await PostAsync("first");
        await Eventually.IsTrueAsync(() => mails.Mails.Count == 1);
        var taken = await CountAsync("select taken from provider_rates");
        var message = await PostAsync("late");
        await Eventually.IsTrueAsync(async () => await CountAsync("select taken from provider_rates") > taken);
        await SayNoAsync();
        said.Set();

        await UntilAsync(message, "suppressed");
        await UntilAsync(first, "sent");
        Assert.Single(mails.Mails);
        Assert.Equal(1, await CountAsync("select count(*) from attempts"));
        Assert.Equal(0, await CountAsync("select count(*) from provider_gates where breaker <> 'closed'"));
    }

    private async Task GivenAccountAsync(string limit)
    {
        await server.Client.JsonAsync("PUT /v1/providers/post", $$$"""
            {"kind":"smtp",{{{limit}}},"secrets":{"password":"s3cret"},
             "settings":{"host":"127.0.0.1","port":{{{mails.Port}}},"security":"Implicit","user":"mailer","from":"news@mail.example.org","max_connections":1}}
            """);
        await Eventually.IsTrueAsync(() => server.Services.GetRequiredService<ProviderAccounts>().Find("post") is { IsUsable: true });
    }

    private async Task<string> PostAsync(string person) => (await server.Client.JsonAsync("POST /v1/notifications",
        $$$"""{"to":[{"user_id":"{{{person}}}"}],"channels":["email"],"category":"orders","content":{"subject":"News","text":"There"}}"""))
        .GetProperty("messages")[0].GetProperty("id").GetString()!; // every message has one

    private async Task SayNoAsync() => await server.Client.JsonAsync("POST /v1/suppressions", """{"channel":"email","address":"late@example.org","reason":"complaint"}""");

    private Task UntilAsync(string message, string status) => Eventually.IsTrueAsync(async () =>
        (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString() == status);

    private Task<int> CountAsync(string sql) => server.Database.Source.CountAsync(sql);
}
