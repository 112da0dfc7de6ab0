using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Api.Auth;
using NotificationServer.Clients;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Auth;

public sealed class ApiKeyTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Call = "GET /v1/categories";

    [Fact]
    [Bar("S04", "B60")]
    public async Task B60_whatever_is_wrong_with_a_key_the_answer_is_the_same()
    {
        var good = await server.KeyAsync();
        var other = await server.KeyAsync();
        var expired = await server.KeyAsync(expiresAt: TimeProvider.System.GetUtcNow().AddMinutes(-1));
        var revoked = await server.KeyAsync();
        await server.Services.GetRequiredService<ApiKeyStore>().RevokeAsync(revoked.Split('_')[2], "test", null, CancellationToken.None);
        string?[] bad =
        [
            null, "", "x", expired, revoked, new string('a', 10_000), good[..^1], good + "a", good.ToUpperInvariant(),
            good[..^64] + other[^64..], good.Replace("nsk_live_", "nsk_test_", StringComparison.Ordinal),
            $"nsk_live_{new string('a', 16)}_{new string('0', 64)}", "' OR 1=1--",
        ];

        var answers = new List<string>();
        foreach (var key in bad)
        {
            using var response = await server.ClientFor(null).SendAsync(Call, null, key is null ? [] : [("Authorization", $"Bearer {key}")]);
            var problem = await ProblemAssert.IsAsync(response, 401, "invalid_key");
            answers.Add(problem.GetRawText().Replace(problem.GetProperty("trace_id").GetString()!, "", StringComparison.Ordinal)); // asserted to be there
        }

        Assert.Single(answers.Distinct());
        await server.ClientFor(good).JsonAsync(Call);
    }

    [Fact]
    [Bar("S07", "B60")]
    public async Task A_key_in_the_query_string_is_refused_even_beside_a_good_one()
    {
        var key = await server.KeyAsync();

        await server.ClientFor(null).RefusesAsync($"{Call}?api_key={key}", null, 401, "invalid_key");
        await server.ClientFor(key).RefusesAsync($"{Call}?api_key={key}", null, 401, "invalid_key");
    }

    [Fact]
    [Bar("S05")]
    public async Task Two_keys_of_a_client_live_side_by_side_and_a_revoked_one_ends_on_every_node_within_the_age_of_its_cache()
    {
        var settings = new Dictionary<string, string?> { ["Api:KeyCache"] = "00:00:00.200" };
        await using var first = await ServerHost.StartAsync(Environments.Production, settings, server.Database);
        await using var second = await ServerHost.StartAsync(Environments.Production, settings, server.Database);
        var (old, next) = (await first.KeyAsync(client: "rotating"), await first.KeyAsync(client: "rotating"));
        foreach (var node in new[] { first, second })
        {
            await node.ClientFor(old).JsonAsync(Call);
            await node.ClientFor(next).JsonAsync(Call);
        }

        await first.Services.GetRequiredService<ApiKeyStore>().RevokeAsync(old.Split('_')[2], "test", null, CancellationToken.None);

        foreach (var node in new[] { first, second })
        {
            await UntilRefusedAsync(node.ClientFor(old));
            await node.ClientFor(next).JsonAsync(Call);
        }
    }

    [Fact]
    [Bar("S05")]
    public async Task An_expired_key_ends_although_it_is_cached()
    {
        var client = server.ClientFor(await server.KeyAsync(expiresAt: TimeProvider.System.GetUtcNow().AddSeconds(5)));
        await client.JsonAsync(Call);

        await UntilRefusedAsync(client);
    }

    [Fact]
    [Bar("S03")]
    public async Task The_database_holds_nothing_that_opens_a_door()
    {
        var key = await server.KeyAsync();
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        var rows = string.Join('\n', await connection.QueryAsync<string>("select row_to_json(k)::text from api_keys k"));

        Assert.DoesNotContain(key[^64..], rows, StringComparison.OrdinalIgnoreCase);
        Assert.True(ApiKeyText.TryParse(key, out var parsed));
        Assert.NotEqual(parsed.Digest(new byte[32]), parsed.Digest(server.Services.GetRequiredService<ServerSecrets>().Get(ApiKeyStore.Pepper)));
        Assert.DoesNotContain(parsed.Secret, parsed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_use_of_a_key_is_noted_beside_the_requests()
    {
        var key = await server.KeyAsync();
        await server.ClientFor(key).JsonAsync(Call);

        await server.Services.GetRequiredService<ApiKeyUse>().StepAsync(CancellationToken.None);

        await using var connection = await server.Database.Source.OpenConnectionAsync();
        // The server does so by itself, too, and may be at it just now.
        await Eventually.IsTrueAsync(() => connection.ExecuteScalarAsync<bool>(
            "select last_used_at is not null from api_keys where id = @id", new { id = key.Split('_')[2] }));
    }

    [Fact]
    public async Task In_development_there_is_a_key_at_once_and_a_restart_keeps_it()
    {
        var key = server.Services.GetRequiredService<DevelopmentFile>().Get("NS_API_KEY");
        Assert.NotNull(key);

        await server.ClientFor(key).JsonAsync(Call);
        await ActivatorUtilities.CreateInstance<DevelopmentKey>(server.Services).StartAsync(CancellationToken.None);

        Assert.Equal(key, server.Services.GetRequiredService<DevelopmentFile>().Get("NS_API_KEY"));
    }

    [Fact]
    public async Task Elsewhere_there_is_none()
    {
        await using var production = await ServerHost.StartAsync(Environments.Production);

        await using var connection = await production.Database.Source.OpenConnectionAsync();
        Assert.Equal(["test"], await connection.QueryAsync<string>("select name from clients"));
    }

    [Fact]
    public async Task Two_clients_are_told_apart()
    {
        var (ann, ben) = (server.ClientFor(await server.KeyAsync(client: "ann")), server.ClientFor(await server.KeyAsync(client: "ben")));

        var first = await ann.JsonAsync("PUT /v1/users/by-ann/block", """{"reason":"x"}""");
        var second = await ben.JsonAsync("PUT /v1/users/by-ben/block", """{"reason":"x"}""");

        Assert.Equal("client:ann", first.GetProperty("created_by").GetString());
        Assert.Equal("client:ben", second.GetProperty("created_by").GetString());
    }

    [Fact]
    [Bar("S25", "B60")]
    public async Task A_forwarded_address_and_odd_headers_change_nothing()
    {
        await server.ClientFor(null).RefusesAsync(Call, null, 401, "invalid_key");
        using var response = await server.ClientFor(null).SendAsync(Call, null, ("X-Forwarded-For", "127.0.0.1"), ("User-Agent", "a\u001b[31mb"), ("X-Request-Id", "a b\u001b"));

        await ProblemAssert.IsAsync(response, 401, "invalid_key");
        Assert.DoesNotContain('\u001b', response.Headers.GetValues("X-Request-Id").Single());
    }

    private static async Task UntilRefusedAsync(HttpClient client)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await pace.WaitForNextTickAsync(deadline.Token))
        {
            using var response = await client.SendAsync(Call);
            if ((int)response.StatusCode == 401)
                return;
        }
    }
}
