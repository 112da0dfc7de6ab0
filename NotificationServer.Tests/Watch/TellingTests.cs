using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NotificationServer.Platform.Telemetry;
using NotificationServer.Tests.Channels;
using NotificationServer.Tests.Channels.Email.Smtp;
using NotificationServer.Tests.Support;
using NotificationServer.Watch;

namespace NotificationServer.Tests.Watch;

/// People are told of alerts: in a chat and by mail, once when it begins and once when it is over.
public sealed class TellingTests : IAsyncLifetime
{
    private readonly ScriptedMailServer fallback = new();
    private VendorServer chat = null!;   // xunit initialises before any test
    private ServerHost server = null!;

    public async Task InitializeAsync()
    {
        chat = await VendorServer.StartHttp1Async();
        server = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>(fallback.Settings().Select(one =>
            KeyValuePair.Create(one.Key.Replace("Channels:Smtp", "Alerts:Smtp", StringComparison.Ordinal), one.Value)))
        {
            ["Channels:TrustedRootsFile"] = TestRoot.File,
            ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
            ["Queue:Poll"] = "00:00:00.05",
            ["Alerts:Every"] = "00:00:00.2",
            ["Alerts:DatabaseAwayFor"] = "00:00:01",
            ["Alerts:TellEvery"] = "00:00:00.1",
            ["Alerts:FallbackAfter"] = "00:00:08",
            ["Alerts:Channels:ops:Webhook"] = new Uri(chat.Address, "/services/T0/B0/s3cret").ToString(),
            ["Alerts:Channels:oncall:Email:0"] = "oncall@example.org",
        });
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)server).DisposeAsync();
        await chat.DisposeAsync();
        await fallback.DisposeAsync();
    }

    [Fact]
    public async Task An_alert_is_told_once_in_the_chat_and_by_mail_and_once_more_when_it_is_over()
    {
        await RaiseAsync("breaker_open", "twilio<eu>", """{"reason":"12 of 20 calls failed: 503 & more"}""");
        await Eventually.IsTrueAsync(async () => chat.Requests.Count == 1 && await ScalarAsync<long>("select count(*) from alert_notices where told_at is not null") == 2);

        var said = chat.Requests.Single();
        Assert.Equal("/services/T0/B0/s3cret", said.Path);
        var text = said.Json["text"]!.GetValue<string>();
        Assert.StartsWith("*Warning: twilio&lt;eu&gt; is left alone: 12 of 20 calls failed: 503 &amp; more.*\nSince ", text, StringComparison.Ordinal);
        Assert.Contains("docs/operations.md#breaker_open", text, StringComparison.Ordinal);
        Assert.DoesNotContain("webhook-signature", said.Headers.Keys);
        Assert.Equal("Warning: twilio<eu> is left alone: 12 of 20 calls failed: 503 & more.", await ScalarAsync<string>("select subject from inbox where address = 'oncall@example.org'"));
        Assert.Empty(fallback.Mails);

        await ExecuteAsync("update alerts set last_seen = now(), detail = '{\"reason\":\"still\"}' where cleared_at is null");
        await RunAsync();
        Assert.Single(chat.Requests);

        await ExecuteAsync("update alerts set cleared_at = now() where kind = 'breaker_open'");
        await Eventually.IsTrueAsync(async () => chat.Requests.Count == 2 && await ScalarAsync<long>("select count(*) from alert_notices where told_at is not null") == 4);
        Assert.StartsWith("*Over: ", chat.Requests[1].Json["text"]!.GetValue<string>(), StringComparison.Ordinal);
        await RunAsync();
        Assert.Equal((2, 2L), (chat.Requests.Count, await ScalarAsync<long>("select count(*) from inbox where address = 'oncall@example.org'")));
    }

    [Fact]
    public async Task Of_what_is_muted_nobody_hears_until_the_mute_is_over()
    {
        var mutes = server.Services.GetRequiredService<Mutes>();
        await mutes.MuteAsync("gate_closed", "", TimeSpan.FromHours(1), "the vendor moves house", "staff:ada", CancellationToken.None);
        await RaiseAsync("gate_closed", "apns", """{"until":"3 Nov 02:30:00 UTC"}""");
        await RunAsync();
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from alert_notices"));

        await ExecuteAsync("update alert_mutes set until = now()");

        await Eventually.IsTrueAsync(() => chat.Requests.Count == 1);
    }

    [Fact]
    public async Task What_is_muted_while_it_is_being_told_waits_and_that_it_is_over_too()
    {
        var mutes = server.Services.GetRequiredService<Mutes>();
        await RaiseAsync("gate_closed", "apns", """{"until":"3 Nov 02:30:00 UTC"}""");
        await RaiseAsync("gate_closed", "fcm", """{"until":"3 Nov 02:30:00 UTC"}""");
        await Eventually.IsTrueAsync(async () => chat.Requests.Count == 2 && await ScalarAsync<long>("select count(*) from alert_notices where told_at is not null") == 4);
        chat.Answer = _ => new VendorAnswer(500);
        await RaiseAsync("gate_closed", "hms", """{"until":"3 Nov 02:30:00 UTC"}""");
        await Eventually.IsTrueAsync(async () => await ScalarAsync<bool>("select exists (select from alert_notices where problem is not null)"));
        chat.Answer = _ => new VendorAnswer(200);
        var before = chat.Requests.Count;

        await mutes.MuteAsync("gate_closed", "", TimeSpan.FromHours(1), "the vendor moves house", "staff:ada", CancellationToken.None);
        await ExecuteAsync("update alerts set cleared_at = now() where key in ('apns', 'fcm'); update alert_notices set next_at = now() where told_at is null");
        await RunAsync();
        Assert.Equal((before, 4L), (chat.Requests.Count, await ScalarAsync<long>("select count(*) from alert_notices where event = 'cleared' and tries = 0")));

        // One was over long ago when people want to hear again.
        await ExecuteAsync("update alert_notices set created_at = now() - interval '61 minutes' where event = 'cleared' and alert_id = (select id from alerts where key = 'apns')");
        await Eventually.IsTrueAsync(async () => await ScalarAsync<long>("select count(*) from alert_notices where given_up_at is not null") == 2); // in the chat, and by mail
        await ExecuteAsync("update alert_mutes set until = now()");
        await Eventually.IsTrueAsync(async () => await ScalarAsync<long>("select count(*) from alert_notices where told_at is null and given_up_at is null") == 0);

        Assert.Equal(before + 2, chat.Requests.Count); // hms, still so, and that fcm is over
        Assert.Equal("apns", await ScalarAsync<string>("select string_agg(distinct a.key, ',') from alert_notices n join alerts a on a.id = n.alert_id where n.given_up_at is not null"));
    }

    [Fact]
    public async Task A_rule_says_who_is_told()
    {
        var book = server.Services.GetRequiredService<RuleBook>();
        var rule = (await book.ReadAsync(CancellationToken.None))["node_lost"];
        await book.ChangeAsync(rule, new RuleBook.Change(true, 60, rule.Lasting, ["ops"]), "staff:ada", CancellationToken.None);

        await RaiseAsync("node_lost", "n7", """{"roles":"worker","seconds":61}""");
        await Eventually.IsTrueAsync(() => chat.Requests.Count == 1);

        Assert.Equal("ops", await ScalarAsync<string>("select string_agg(channel, ',') from alert_notices"));
        Assert.Equal(60, (await book.ReadAsync(CancellationToken.None))["node_lost"].Threshold);
    }

    [Fact]
    public async Task A_chat_that_does_not_answer_is_told_when_it_does_and_says_why_not_meanwhile()
    {
        chat.Answer = _ => new VendorAnswer(500);
        await RaiseAsync("node_lost", "n8", """{"roles":"worker","seconds":61}""");
        await Eventually.IsTrueAsync(async () => await ScalarAsync<string>("select problem from alert_notices where channel = 'ops'") == "refused (500)");

        chat.Answer = _ => new VendorAnswer(200);
        await ExecuteAsync("update alert_notices set next_at = now() where told_at is null");

        await Eventually.IsTrueAsync(async () => await ScalarAsync<bool>("select told_at is not null and problem is null from alert_notices where channel = 'ops'"));
    }

    [Fact]
    public async Task A_mail_that_our_own_queue_does_not_send_goes_out_by_the_other_server()
    {
        await ExecuteAsync("insert into queue_switches (kind, name, mode, reason, changed_by) values ('channel', 'email', 'paused', 'an outage', 'staff:ada')");
        await Eventually.IsTrueAsync(() => !server.Services.GetRequiredService<NotificationServer.Queue.Switches>().MayClaim("email"));

        await RaiseAsync("node_lost", "n9", """{"roles":"worker","seconds":61}""");
        await Eventually.IsTrueAsync(async () => await ScalarAsync<bool>("select exists (select from alert_notices where channel = 'oncall' and told_at is not null)"));

        var mail = Encoding.UTF8.GetString(Assert.Single(fallback.Mails));
        Assert.Contains("Subject: Warning: n9 (worker) has been silent for 61 s.", mail, StringComparison.Ordinal);
        Assert.Equal(0, await ScalarAsync<long>("select count(*) from inbox"));
    }

    /// Tried again for that one, everybody else would be told each time.
    [Fact]
    public async Task Of_several_mailboxes_one_that_is_refused_gives_the_others_no_second_copy()
    {
        var book = server.Services.GetRequiredService<RuleBook>();
        await book.ChangeAsync((await book.ReadAsync(CancellationToken.None))["node_lost"], new RuleBook.Change(true, 60, TimeSpan.Zero, ["pair"]), "staff:ada", CancellationToken.None);
        await ExecuteAsync("insert into queue_switches (kind, name, mode, reason, changed_by) values ('channel', 'email', 'paused', 'an outage', 'staff:ada')");
        await Eventually.IsTrueAsync(() => !server.Services.GetRequiredService<NotificationServer.Queue.Switches>().MayClaim("email"));
        fallback.Answer = command => command.StartsWith("RCPT TO:<gone@", StringComparison.OrdinalIgnoreCase) ? "550 5.1.1 no such user" : null;
        var teller = ActivatorUtilities.CreateInstance<Teller>(server.Services, Options.Create(new AlertsOptions
        {
            Channels = new Dictionary<string, AlertChannel> { ["pair"] = new() { Email = ["gone@example.org", "oncall@example.org"] } }, FallbackAfter = TimeSpan.Zero,
        }));
        await RaiseAsync("node_lost", "n11", """{"roles":"worker","seconds":61}""");

        await teller.RunOnceAsync(CancellationToken.None); // to our own queue
        await teller.RunOnceAsync(CancellationToken.None); // past it
        await ExecuteAsync("update alert_notices set next_at = now()");
        await teller.RunOnceAsync(CancellationToken.None);

        Assert.Single(fallback.Mails);
        Assert.Contains("1 of 2 mailboxes", await ScalarAsync<string>("select problem from alert_notices where channel = 'pair' and told_at is not null"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_counters_that_are_wrong_all_at_once_people_are_told_of_one()
    {
        // Of an hour that no check looks at, or the first one after the start would find them right.
        await ExecuteAsync("insert into alerts (kind, key, detail) select 'counter_drift', '2020-01-01T00:00Z ' || n, '{}' from generate_series(1, 30) as n");
        await Eventually.IsTrueAsync(() => chat.Requests.Count == 1);

        await RunAsync();

        Assert.Equal(2, await ScalarAsync<long>("select count(*) from alert_notices")); // one at each place
    }

    [Fact]
    public async Task What_was_over_before_anybody_was_told_is_not_told()
    {
        chat.Answer = _ => new VendorAnswer(500);
        await RaiseAsync("node_lost", "n10", """{"roles":"worker","seconds":61}""");
        await Eventually.IsTrueAsync(async () => await ScalarAsync<string>("select problem from alert_notices where channel = 'ops'") is not null);
        await ExecuteAsync("update alerts set cleared_at = now(); update alert_notices set next_at = now() where channel = 'ops'");

        await Eventually.IsTrueAsync(async () => await ScalarAsync<bool>("select given_up_at is not null from alert_notices where channel = 'ops' and event = 'raised'"));

        Assert.Equal(0, await ScalarAsync<long>("select count(*) from alert_notices where channel = 'ops' and event = 'cleared'"));
    }

    [Fact]
    public async Task When_the_database_is_away_that_is_told_without_it_and_once()
    {
        var name = new Npgsql.NpgsqlConnectionStringBuilder(server.Database.ConnectionString).Database;
        await PostgresServer.ExecuteAsync($"""alter database "{name}" with allow_connections false""");
        await PostgresServer.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");

        await Eventually.IsTrueAsync(() => chat.Requests.Count == 1 && fallback.Mails.Count == 1);
        Assert.StartsWith("*Alert: the database does not answer*", chat.Requests[0].Json["text"]!.GetValue<string>(), StringComparison.Ordinal);

        await PostgresServer.ExecuteAsync($"""alter database "{name}" with allow_connections true""");
        await Eventually.IsTrueAsync(() => chat.Requests.Count == 2 && fallback.Mails.Count == 2);
        Assert.StartsWith("*Over: the database answers again*", chat.Requests[1].Json["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// The words would send people to a database that works, while the cause is somewhere else.
    [Fact]
    public async Task What_cannot_be_read_of_a_database_that_answers_is_not_told_as_an_outage()
    {
        var watcher = ActivatorUtilities.CreateInstance<Watcher>(server.Services,
            Options.Create(new AlertsOptions { DatabaseAwayFor = TimeSpan.Zero }), Options.Create(new TelemetryOptions { OtlpEndpoint = new Uri("http://127.0.0.1:4317") }));
        await ExecuteAsync("alter table queue_flow rename to mislaid");

        await watcher.LookAsync(CancellationToken.None);

        Assert.Empty(chat.Requests);
    }

    private Task RunAsync() => server.Services.GetRequiredService<Teller>().RunOnceAsync(CancellationToken.None);

    private Task RaiseAsync(string kind, string key, string detail) =>
        ExecuteAsync("insert into alerts (kind, key, detail) values (@kind, @key, @detail::jsonb); insert into alert_watch (kind, key, seen_at) values (@kind, @key, now() + interval '1 hour')", new { kind, key, detail });

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }
}
