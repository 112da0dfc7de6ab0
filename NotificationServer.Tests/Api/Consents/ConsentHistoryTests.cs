using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Consents;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Api.Consents;

public sealed class ConsentHistoryTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task Every_way_to_say_a_word_leaves_who_when_where_and_in_answer_to_what()
    {
        var user = await GivenUserAsync();
        await server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", """{"source":"settings","channels":[{"channel":"sms","opt_in":false}]}""");
        var told = await server.Client.JsonAsync($"POST /v1/users/{user}/consents",
            """{"channel":"email","category":"offers","opt_in":true,"source":"checkout","text_version":"newsletter-7","occurred_at":"2026-01-02T03:04:05Z","ip":"192.0.2.7"}""");
        // The same word again is no new consent.
        await server.Client.JsonAsync($"PATCH /v1/users/{user}/preferences", """{"source":"settings","channels":[{"channel":"sms","opt_in":false}]}""");

        var rows = (await server.Client.JsonAsync($"GET /v1/users/{user}/consents")).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal(2, rows.Count);
        Assert.Equal(("sms", "settings", "client:test"), (rows[0].GetProperty("channel").GetString(), rows[0].GetProperty("source").GetString(), rows[0].GetProperty("actor").GetString()));
        Assert.Equal(("newsletter-7", "192.0.2.7", "2026-01-02T03:04:05Z"),
            (rows[1].GetProperty("text_version").GetString(), rows[1].GetProperty("ip").GetString(), rows[1].GetProperty("occurred_at").GetString()));
        Assert.Equal(rows[1].GetProperty("id").GetString(), told.GetProperty("id").GetString());
        Assert.Equal(rows[0].GetProperty("hash").GetString(), rows[1].GetProperty("previous_hash").GetString());
    }

    [Theory]
    [InlineData("update consents set opt_in = not opt_in where user_id = @user")]
    [InlineData("delete from consents where user_id = @user")]
    [InlineData("truncate consents")]
    [Bar("S40")]
    public async Task The_database_refuses_to_change_it(string sql)
    {
        var user = await GivenUserAsync();
        await server.Client.JsonAsync($"POST /v1/users/{user}/consents", """{"channel":"email","opt_in":true,"source":"checkout"}""");
        await using var connection = await server.Database.Source.OpenConnectionAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql, new { user }));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_row_that_was_changed_behind_its_back_breaks_the_chain()
    {
        var user = await GivenUserAsync();
        foreach (var wish in new[] { "true", "false", "true" })
            await server.Client.JsonAsync($"POST /v1/users/{user}/consents", $$"""{"channel":"email","opt_in":{{wish}},"source":"checkout"}""");
        var history = server.Services.GetRequiredService<ConsentHistory>();
        Assert.Null(await history.FirstBreakAsync(new RecipientId(user), default));
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var middle = await connection.ExecuteScalarAsync<Guid>("select id from consents where user_id = @user and not opt_in", new { user });

        await connection.ExecuteAsync("alter table consents disable trigger consents_stay; update consents set opt_in = true where id = @middle; alter table consents enable trigger consents_stay", new { middle });

        Assert.Equal(middle, await history.FirstBreakAsync(new RecipientId(user), default));
    }

    [Fact]
    public async Task Words_said_at_the_same_time_form_one_chain()
    {
        var user = await GivenUserAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => server.Client.JsonAsync($"POST /v1/users/{user}/consents",
            $$"""{"channel":"{{(i % 2 == 0 ? "email" : "sms")}}","opt_in":{{(i % 4 < 2 ? "true" : "false")}},"source":"s{{i}}"}""")));

        Assert.Equal(16, await server.Database.Source.CountAsync("select count(*) from consents where user_id = @user", new { user }));
        Assert.Null(await server.Services.GetRequiredService<ConsentHistory>().FirstBreakAsync(new RecipientId(user), default));
    }

    [Fact]
    public async Task A_message_names_the_most_exact_yes_that_allowed_it_and_none_where_nobody_was_asked()
    {
        var user = await GivenUserAsync();
        Assert.Null(await ConsentOfMessageAsync(user, "offers"));
        var all = (await server.Client.JsonAsync($"POST /v1/users/{user}/consents", """{"channel":"email","opt_in":true,"source":"a"}""")).GetProperty("id").GetString();
        var offers = (await server.Client.JsonAsync($"POST /v1/users/{user}/consents", """{"channel":"email","category":"offers","opt_in":true,"source":"a"}""")).GetProperty("id").GetString();

        Assert.Equal(offers, await ConsentOfMessageAsync(user, "offers"));
        Assert.Equal(all, await ConsentOfMessageAsync(user, "orders"));
    }

    private async Task<string> GivenUserAsync()
    {
        var user = $"c_{Guid.CreateVersion7():N}";
        await server.GivenUserAsync(user, $$"""{"email":"{{user}}@example.org"}""");
        return user;
    }

    private async Task<string?> ConsentOfMessageAsync(string user, string category)
    {
        var accepted = await server.Client.JsonAsync("POST /v1/notifications",
            $$$"""{"to":[{"user_id":"{{{user}}}"}],"channels":["email"],"category":"{{{category}}}","content":{"subject":"Hello","text":"There"}}""");
        var message = await server.Client.JsonAsync($"GET /v1/messages/{accepted.GetProperty("messages")[0].GetProperty("id").GetString()}");
        return message.TryGetProperty("consent_id", out var consent) ? consent.GetString() : null;
    }
}
