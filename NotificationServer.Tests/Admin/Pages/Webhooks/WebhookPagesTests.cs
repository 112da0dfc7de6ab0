using System.Text.RegularExpressions;
using Dapper;

namespace NotificationServer.Tests.Admin.Pages.Webhooks;

public sealed class WebhookPagesTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task An_administrator_registers_an_endpoint_for_a_client_changes_it_and_removes_it()
    {
        using var client = await server.SignedInAsync();
        await using var connection = await server.Db.OpenConnectionAsync();
        var owner = await connection.ExecuteScalarAsync<Guid>("select id from clients where name = 'development'");

        var refused = await (await client.PostAsync("/admin/webhooks/new", ("Form.Client", owner.ToString()), ("Form.Url", "http://10.0.0.1/hook"))).Content.ReadAsStringAsync();
        Assert.Contains("Use https", refused, StringComparison.Ordinal);
        Assert.Contains("at least one event type", refused, StringComparison.Ordinal);

        var made = await (await client.PostAsync("/admin/webhooks/new", ("Form.Client", owner.ToString()), ("Form.Url", "https://hooks.example.com/t0ken"),
            ("Form.EventTypes", "message.failed"), ("Form.Description", "the order service"), ("Form.Enabled", "true"))).Content.ReadAsStringAsync();
        var secret = Regex.Match(made, "whsec_[A-Za-z0-9+/=&#;x]+").Value;
        var id = Regex.Match(made, "/admin/webhooks/(whe_[0-9a-f]{32})").Groups[1].Value;
        Assert.NotEqual("", secret);
        Assert.Equal(owner, await connection.ExecuteScalarAsync<Guid>("select client_id from webhook_wants where type = 'message.failed'"));

        var page = await client.ReadAsync($"/admin/webhooks/{id}");
        Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        Assert.Contains("hooks.example.com", await client.ReadAsync("/admin/webhooks?state=works"), StringComparison.Ordinal);
        await client.PostAsync($"/admin/webhooks/{id}?handler=Change", ("Form.Url", "https://hooks.example.com/t0ken"), ("Form.EventTypes", "message.bounced"), ("Form.Enabled", "false"), ("Form.Version", "1"));
        Assert.Contains("hooks.example.com", await client.ReadAsync("/admin/webhooks?state=off"), StringComparison.Ordinal);
        Assert.Contains("changed it meanwhile", await (await client.PostAsync($"/admin/webhooks/{id}?handler=Change",
            ("Form.Url", "https://hooks.example.com/t0ken"), ("Form.EventTypes", "message.bounced"), ("Form.Version", "1"))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var rotated = Regex.Match(await (await client.PostAsync($"/admin/webhooks/{id}?handler=Rotate")).Content.ReadAsStringAsync(), "whsec_[A-Za-z0-9+/=&#;x]+").Value;
        Assert.NotEqual(secret, rotated);

        Assert.Equal(302, (int)(await client.PostAsync($"/admin/webhooks/{id}?handler=Delete")).StatusCode);
        Assert.Equal(404, (int)(await client.GetAsync($"/admin/webhooks/{id}")).StatusCode);
        var log = await client.ReadAsync($"/admin/audit?target=webhook_endpoint:{id}");
        Assert.Contains("event types", log, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_endpoint_was_told_is_listed_opened_and_sent_again()
    {
        using var client = await server.SignedInAsync();
        await using var connection = await server.Db.OpenConnectionAsync();
        var (endpoint, told) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await connection.ExecuteAsync("""
            insert into webhook_endpoints (id, client_id, sandbox, url, event_types, enabled, secret, secret_key, created_by, failing_since)
            select @endpoint, id, false, 'https://ill.example.com/x', '{message.failed}', false, '', 'provider_key', 'test', now() - interval '1 hour' from clients limit 1;
            insert into webhook_deliveries (endpoint_id, event_id, type, at, data, status, attempts, http_status, error, finished_at)
            values (@endpoint, @told, 'message.failed', now(), '{"message_id":"msg_1"}', 'failed', 10, 503, 'refused', now());
            insert into webhook_jobs (endpoint_id, event_id, state, attempt) values (@endpoint, @told, 2, 10);
            insert into webhook_attempts (endpoint_id, event_id, attempt, http_status, error, answer, started_at, finished_at, node)
            values (@endpoint, @told, 10, 503, 'refused', 'try later', now(), now(), 'a')
            """, new { endpoint, told });

        Assert.Contains("Given up", await client.ReadAsync($"/admin/webhooks/whe_{endpoint:N}?status=failed"), StringComparison.Ordinal);
        var page = await client.ReadAsync($"/admin/webhooks/whe_{endpoint:N}/evt_{told:N}");
        Assert.Contains("try later", page, StringComparison.Ordinal);
        Assert.Contains("msg_1", page, StringComparison.Ordinal);
        await client.PostAsync($"/admin/webhooks/whe_{endpoint:N}/evt_{told:N}?handler=Replay");

        Assert.Equal("pending", await connection.ExecuteScalarAsync<string>("select status from webhook_deliveries where event_id = @told", new { told }));
        await connection.ExecuteAsync("update webhook_deliveries set status = 'failed' where event_id = @told; update webhook_jobs set state = 2 where event_id = @told", new { told });
        Assert.Equal(302, (int)(await client.PostAsync($"/admin/webhooks/whe_{endpoint:N}?handler=Recover", ("since", "2020-01-01T00:00"))).StatusCode);
        Assert.Equal("pending", await connection.ExecuteScalarAsync<string>("select status from webhook_deliveries where event_id = @told", new { told }));
    }
}
