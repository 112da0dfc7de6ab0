using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using NotificationServer.Tests.Api;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Journeys;

/// The small form of F35: people say no while their mail is on its way.
public sealed class OptOutRaceTests(ServerHost server) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task F35_no_send_begins_later_than_a_second_after_the_no_was_stored()
    {
        // A send is measured to begin when its claim was asked for, and a no to be stored when its transaction began: both are late by a little.
        await using var quick = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?> { ["Delivery:ConsentMaxAge"] = "00:00:00.3" });
        var people = Enumerable.Range(0, 400).Select(i => $"race-{i}").ToArray();
        await quick.Database.Source.CountAsync("insert into users (id, email) select p, p || '@example.org' from unnest(@people) p", new { people });

        var posting = quick.Client.PostAsJsonAsync("/v1/notifications:batch", new
        {
            items = people.Select(person => new
            {
                to = new[] { new { user_id = person } }, channels = new[] { "email" }, category = "offers", content = new { subject = "News", text = "There" },
            }),
        });
        await Parallel.ForEachAsync(people.Where((_, i) => i % 2 == 0), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (person, _) =>
            await quick.Client.JsonAsync($"PATCH /v1/users/{person}/preferences", """{"source":"t","categories":[{"category":"offers","channel":"email","opt_in":false}]}"""));
        using var posted = await posting;
        await Eventually.IsTrueAsync(async () => await quick.Database.Source.CountAsync("select count(*) from messages where status in ('sent', 'suppressed')") == people.Length);

        Assert.Equal(0, await quick.Database.Source.CountAsync("""
            select count(*)
            from messages m join attempts a on a.message_id = m.id join consents c on c.user_id = m.user_id and not c.opt_in
            where a.started_at > c.recorded_at + interval '1 second'
            """));
        Assert.Equal(0, await quick.Database.Source.CountAsync("select count(*) from messages m where status = 'suppressed' and not exists (select from consents c where c.user_id = m.user_id)"));
    }

    [Theory]
    [InlineData("PUT /v1/users/{0}/block", """{"reason":"fraud"}""", "blocked")]
    [InlineData("POST /v1/suppressions", """{"channel":"email","address":"{0}@example.org","reason":"complaint"}""", "suppressed_address")]
    public async Task Whoever_is_blocked_or_suppressed_after_the_202_gets_nothing(string call, string json, string reason)
    {
        var person = $"late-{reason}";
        await server.GivenUserAsync(person, $$"""{"email":"{{person}}@example.org"}""");
        var soon = TimeProvider.System.GetUtcNow().AddHours(1);
        var accepted = await server.Client.JsonAsync("POST /v1/notifications",
            $$$"""{"to":[{"user_id":"{{{person}}}"}],"channels":["email"],"category":"security","send_at":"{{{soon:yyyy-MM-ddTHH:mm:ssZ}}}","expires_at":"{{{soon.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}}}","content":{"subject":"Code","text":"1"}}""");
        var message = accepted.GetProperty("messages")[0].GetProperty("id").GetString();

        await server.Client.JsonAsync(call.Replace("{0}", person, StringComparison.Ordinal), json.Replace("{0}", person, StringComparison.Ordinal));
        await server.Database.Source.CountAsync("update jobs set run_at = now()");

        await Eventually.IsTrueAsync(async () => (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("delivery_status").GetString() == "suppressed");
        Assert.Equal(reason, (await server.Client.JsonAsync($"GET /v1/messages/{message}")).GetProperty("reason").GetString());
        Assert.Equal(1, await server.Database.Source.CountAsync("select count(*) from audit_log where action = @action", new { action = reason == "blocked" ? "user.block" : "address.suppress" }));
    }
}
