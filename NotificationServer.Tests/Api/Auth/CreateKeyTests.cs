using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Api.Auth;
using NotificationServer.Clients;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Auth;

public sealed class CreateKeyTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_key_made_on_the_command_line_opens_what_it_was_made_for()
    {
        var folder = Directory.CreateTempSubdirectory("ns-key-");
        await using var command = ServerProcess.Launch(
            ["dotnet", ServerProcess.BuiltServer, "create-key", "--test", "--client", "shop", "--scopes", "notifications:read,users:write"], folder.FullName,
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Default"] = server.Database.ConnectionString,
                ["Secrets__api_key_pepper"] = Convert.ToBase64String(server.Services.GetRequiredService<ServerSecrets>().Get(ApiKeyStore.Pepper)),
            });
        Assert.Equal(0, await command.ExitAsync());

        var key = command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        var client = server.ClientFor(key);
        Assert.StartsWith("nsk_test_", key, StringComparison.Ordinal);
        await client.JsonAsync("GET /v1/categories");
        await client.RefusesAsync("GET /v1/suppressions", null, 403, "missing_scope");
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("create-key")]
    [InlineData("create-key --client x")]
    [InlineData("create-key --client x --scopes everything")]
    [InlineData("create-key --client --scopes users:write")]
    [InlineData("create-key --client x --scopes users:write --days never")]
    public void What_cannot_be_meant_is_refused(string line) => Assert.Throws<StartupException>(() => CreateKey.Parse(line.Split(' ')));

    [Fact]
    public void The_options_are_read_in_any_order()
    {
        var wish = CreateKey.Parse("create-key --scopes=users:write,users:write --test --days 30 --client shop".Split(' '));

        Assert.Equal(("shop", 30, true), (wish.Client, wish.Days, wish.Sandbox));
        Assert.Equal(["users:write"], wish.Scopes);
    }
}
