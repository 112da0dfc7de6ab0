using System.Text;
using Dapper;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Notifications;

/// Far too many people at once.
[Bar("B41", "S11")]
public sealed class CrowdTests(ServerHost server) : IClassFixture<ServerHost>
{
    private const string Rest = "\"channels\":[\"email\"],\"content\":{\"subject\":\"a\",\"text\":\"b\"}}";

    [Fact]
    public async Task A_request_for_more_than_it_may_name_is_refused_whole()
    {
        var item = $"{{\"to\":[{Many(50_001)}],{Rest}";
        using var batch = await server.Client.SendAsync("POST /v1/notifications:batch", $"{{\"items\":[{item},{item}]}}");
        var problem = await ProblemAssert.IsAsync(batch, 422, "validation_failed");
        Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("code").GetString() == "recipient_count");

        using var single = await server.Client.SendAsync("POST /v1/notifications", $"{{\"to\":[{Many(100_001)}],{Rest}");
        await ProblemAssert.IsAsync(single, 413, "too_large");
        using var looked = await server.Client.SendAsync("POST /v1/notifications:explain", $"{{\"to\":[{Many(101)}],{Rest}");
        await ProblemAssert.IsAsync(looked, 422, "validation_failed");

        await using var connection = await server.Database.Source.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("select count(*) from notifications"));
    }

    private static string Many(int people)
    {
        var text = new StringBuilder();
        for (var i = 0; i < people; i++) text.Append(i == 0 ? "" : ",").Append("{\"user_id\":\"u").Append(i).Append("\"}");
        return text.ToString();
    }
}
