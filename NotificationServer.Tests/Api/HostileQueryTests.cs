using NotificationServer.Benchmarks.Fuzz;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api;

/// Every parameter of every list, as the server's own description names them.
public sealed class HostileQueryTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Theory]
    [InlineData("a NUL", "a\0b")]
    [InlineData("SQL", "'; drop table messages; --")]
    [InlineData("a pattern", "%_\\")]
    [InlineData("beyond every number", "99999999999999999999")]
    [InlineData("below nothing", "-1")]
    [InlineData("the end of time", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("a day that there is not", "2026-02-30")]
    [InlineData("other directions", "\u202egnp\u001b[31m")]
    [InlineData("nothing", "")]
    [Bar("B11", "B24", "B25", "B28", "B60", "S37")]
    public async Task Every_list_bears_it_in_each_of_its_parameters(string name, string value)
    {
        await FuzzCommand.PrepareAsync(server.Client, CancellationToken.None);
        var contract = await Contract.ReadAsync(server.Client, CancellationToken.None);
        var (wrong, asked) = (new List<string>(), 0);
        foreach (var route in contract.Routes.Where(route => !route.Changes))
        foreach (var parameter in route.Parameters.Where(parameter => parameter.Place == "query"))
        {
            asked++;
            var path = string.Concat(route.Path.Split('{', '}').Select((piece, at) => at % 2 == 0 ? piece : "example"));
            using var answer = await server.Client.SendAsync($"GET {path}?{parameter.Name}={Uri.EscapeDataString(value)}");
            if ((int)answer.StatusCode >= 500) wrong.Add($"{route} {parameter.Name} with {name}: {(int)answer.StatusCode}");
            if (value.Contains('\0', StringComparison.Ordinal))
                Assert.Equal($"query:{parameter.Name}", (await ProblemAssert.IsAsync(answer, 400, "invalid_parameter")).GetProperty("errors")[0].GetProperty("pointer").GetString());
        }

        Violations.None(wrong);
        Violations.None(server.Log.Errors);
        Assert.True(asked > 30, $"{asked} parameters");
    }
}
