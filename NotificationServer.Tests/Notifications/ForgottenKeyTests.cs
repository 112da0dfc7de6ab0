using System.Net;
using System.Text;
using System.Text.Json;
using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Notifications;

/// A key or an event id comes back in the very moment in which it is forgotten: it was there when it was asked for, and is gone when it is read.
public sealed class ForgottenKeyTests : IAsyncLifetime
{
    // Which forgets nothing by itself.
    private readonly ServerHost server = new("Development", new Dictionary<string, string?> { ["Roles"] = "api" });
    private static readonly Uri One = new("/v1/notifications", UriKind.Relative);
    private static readonly Uri Many = new("/v1/notifications:batch", UriKind.Relative);

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        await Do(Forget);
    }

    public Task DisposeAsync() => server.DisposeAsync();

    // What KeyRetention does, and just then.
    private const string Forget = """
        create or replace function forget() returns trigger language plpgsql as $$
        begin
            if tg_table_name = 'event_dedup' then delete from event_dedup where accepted_at < now() - interval '35 days';
            else delete from idempotency_keys where created_at < now() - interval '24 hours';
            end if;
            return null;
        end $$;
        create or replace trigger forget after insert on idempotency_keys for each statement execute function forget();
        create or replace trigger forget after insert on event_dedup for each statement execute function forget();
        """;

    [Fact]
    public async Task A_request_whose_key_is_forgotten_just_now_is_told_to_ask_again_and_then_taken()
    {
        await Post(One, Mail(null), "old-key");
        await Do("update idempotency_keys set created_at = now() - interval '25 hours' where key = 'old-key'");

        Assert.Equal((HttpStatusCode.Conflict, "request_in_progress"), await Post(One, Mail(null), "old-key"));
        Assert.Equal(HttpStatusCode.Accepted, (await Post(One, Mail(null), "old-key")).Status);
    }

    [Fact]
    public async Task A_request_whose_event_is_forgotten_just_now_leaves_its_key_free()
    {
        await Post(One, Mail("old-event"));
        await Do("update event_dedup set accepted_at = now() - interval '36 days' where event_id = 'old-event'");

        Assert.Equal((HttpStatusCode.Conflict, "request_in_progress"), await Post(One, Mail("old-event"), "new-key"));
        Assert.Equal(HttpStatusCode.Accepted, (await Post(One, Mail("old-event"), "new-key")).Status);
    }

    [Fact]
    public async Task A_batch_whose_key_or_events_are_forgotten_just_now_is_a_new_one()
    {
        var body = $$"""{"items":[{{Mail("old-item")}},{{Mail("old-item")}}]}""";
        await Post(Many, body, "old-batch");
        await Do("""
            update idempotency_keys set created_at = now() - interval '25 hours' where key = 'old-batch';
            update event_dedup set accepted_at = now() - interval '36 days' where event_id = 'old-item'
            """);

        Assert.Equal(HttpStatusCode.Accepted, (await Post(Many, body, "old-batch")).Status);
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*) from notifications where event_id = 'old-item'"));
    }

    private static string Mail(string? eventId) => JsonSerializer.Serialize(new
    {
        event_id = eventId,
        to = new[] { new { email = "ann@example.org" } },
        channels = new[] { "email" },
        content = new { subject = "Hello", text = "Hello" },
    });

    private async Task<(HttpStatusCode Status, string? Code)> Post(Uri to, string json, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await server.Client.SendAsync(request);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (response.StatusCode, body.TryGetProperty("code", out var code) ? code.GetString() : null);
    }

    private async Task Do(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
