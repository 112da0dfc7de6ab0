using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Blocks;

public sealed class BlocksTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task A_person_is_blocked_before_being_known_stays_so_when_forgotten_and_can_be_let_go()
    {
        await server.Client.JsonAsync("PUT /v1/users/b1/block", """{"reason":"fraud"}""");
        await server.GivenUserAsync("b1");
        using (await server.Client.SendAsync("DELETE /v1/users/b1"))
        {
        }

        var block = await server.Client.JsonAsync("GET /v1/users/b1/block");
        Assert.Equal("fraud", block.GetProperty("reason").GetString());
        using var gone = await server.Client.SendAsync("DELETE /v1/users/b1/block");
        Assert.Equal(204, (int)gone.StatusCode);
        await server.Client.RefusesAsync("GET /v1/users/b1/block", null, 404, "not_found");
    }

    [Fact]
    public async Task The_end_of_a_block_is_told_in_utc_whatever_offset_it_was_given_in()
    {
        var day = TimeProvider.System.GetUtcNow().AddDays(2);

        var block = await server.Client.JsonAsync("PUT /v1/users/b2/block", $$"""{"reason":"x","until":"{{day:yyyy-MM-dd}}T02:00:00+02:00"}""");

        Assert.Equal($"{day:yyyy-MM-dd}T00:00:00Z", block.GetProperty("until").GetString());
    }
}
