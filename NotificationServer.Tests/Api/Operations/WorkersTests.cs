using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Operations;

/// Who is there.
public sealed class WorkersTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_node_is_listed_with_its_heartbeat_its_roles_and_its_load()
    {
        var node = await MeAsync();

        Assert.True(node.GetProperty("alive").GetBoolean());
        Assert.InRange(node.GetProperty("heartbeat_age_seconds").GetDouble(), 0, 15);
        Assert.Equal(["api", "worker", "admin", "scheduler"], node.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(5, node.GetProperty("load").EnumerateObject().Count());
        Assert.Equal(200, node.GetProperty("load").GetProperty("sms").GetProperty("slots").GetInt32());
    }

    [Fact]
    public async Task A_node_that_fell_silent_is_shown_as_not_alive_and_forgotten_after_an_hour()
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into nodes (name, roles, version, seen_at) values ('silent', '{worker}', '1', now() - interval '1 minute'), ('gone', '{worker}', '1', now() - interval '61 minutes')");

        await server.Services.GetRequiredService<NodeRegistry>().BeatAsync(CancellationToken.None);
        var nodes = (await server.Client.JsonAsync("GET /v1/ops/workers")).GetProperty("data").EnumerateArray().ToDictionary(node => node.GetProperty("name").GetString()!);

        Assert.False(nodes["silent"].GetProperty("alive").GetBoolean());
        Assert.DoesNotContain("gone", nodes.Keys);
    }

    private async Task<System.Text.Json.JsonElement> MeAsync()
    {
        var name = server.Services.GetRequiredService<NodeIdentity>().Name;
        await server.Services.GetRequiredService<NodeRegistry>().BeatAsync(CancellationToken.None);
        return (await server.Client.JsonAsync("GET /v1/ops/workers")).GetProperty("data").EnumerateArray().Single(node => node.GetProperty("name").GetString() == name);
    }
}
