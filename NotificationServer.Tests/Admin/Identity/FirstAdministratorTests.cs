using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity;

[Bar("S13")]
public sealed class FirstAdministratorTests : IAsyncLifetime
{
    private readonly Database database = new();

    public Task InitializeAsync() => database.InitializeAsync();

    public Task DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task In_production_nobody_is_born_and_a_token_makes_exactly_one_administrator()
    {
        await using var node = new AdminServer.Host(database.ConnectionString, "Production");
        await using var scope = node.Services.CreateAsyncScope(); // which starts it
        Assert.Equal(0, await CountAsync("staff"));
        Assert.Equal(1, await CountAsync("setup_tokens"));

        var first = scope.ServiceProvider.GetRequiredService<FirstAdministrator>();
        var token = await first.IssueTokenAsync(default);

        Assert.False((await first.CreateAsync("ada@example.org", "a sentence is good", "not the token", default)).Succeeded);
        Assert.False((await first.CreateAsync("ada@example.org", "too short", token, default)).Succeeded);
        Assert.Equal(0, await CountAsync("staff"));
        Assert.True((await first.CreateAsync("ada@example.org", "a sentence is good", token, default)).Succeeded);

        Assert.False((await first.CreateAsync("eve@example.org", "another fine sentence", token, default)).Succeeded);
        Assert.Equal(1, await CountAsync("staff"));
        Assert.Equal(0, await CountAsync("setup_tokens"));
    }

    [Fact]
    public async Task Two_development_nodes_that_start_together_make_one_account()
    {
        await using var one = new AdminServer.Host(database.ConnectionString, "Development");
        await using var two = new AdminServer.Host(database.ConnectionString, "Development");
        await Task.WhenAll(Task.Run(() => one.Services), Task.Run(() => two.Services));
        Assert.Equal(1, await CountAsync("staff"));
    }

    private async Task<int> CountAsync(string table)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<int>($"select count(*) from {table}");
    }
}
