using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using NotificationServer.Admin.Identity;
using NotificationServer.Platform;
using NotificationServer.Queue;
using static NotificationServer.Tests.Admin.Pages.Failures.Desk;

namespace NotificationServer.Tests.Admin.Pages.Messages;

public sealed partial class MessagePageTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Whatever_is_pasted_finds_the_message()
    {
        var person = await server.GivenWaitingAsync(new Said("u_find", "find.me@example.org", "email", EventId: "order-4711-shipped"));
        var nobody = await server.GivenWaitingAsync(new Said(null, "+41791112233"));
        await ExecuteAsync("update users set email = 'Find.Me@example.org', phone = '+41794445566' where id = 'u_find'");
        var notification = await NotificationOfAsync(person);
        using var client = await server.SignedInAsync();

        foreach (var (typed, found) in new[]
        {
            ("u_find", person), ("find.me@example.org", person), ("+41 79 444 55 66", person), ("order-4711-shipped", person), (notification, person), (" u_find ", person),
            ("+41791112233", nobody), ("0041 (79) 111-22-33", nobody),
        })
        {
            var page = await client.ReadAsync($"/admin/messages?q={Uri.EscapeDataString(typed)}");
            Assert.True(Rows().Matches(page).Select(row => row.Groups[1].Value).SequenceEqual([found]), typed);
        }
        foreach (var typed in new[] { person, person.ToUpperInvariant(), Guid.ParseExact(person[4..], "N").ToString() })
        {
            using var told = await client.GetAsync($"/admin/messages?q={typed}");
            Assert.EndsWith($"/admin/messages/{person}", told.Headers.Location?.OriginalString, StringComparison.Ordinal);
        }
        Assert.Contains("No such message", await client.ReadAsync("/admin/messages?q=u_find&channel=sms"), StringComparison.Ordinal);
        Assert.Contains("No such message", await client.ReadAsync("/admin/messages?q=somebody-else%00%25"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_is_read_from_its_queue_by_lane_and_state()
    {
        var now = await server.GivenWaitingAsync(new Said("u_ready", "+15550301") { Lane = Lane.Critical });
        var later = await server.GivenWaitingAsync(new Said("u_later", "+15550302") { Lane = Lane.Critical, SendAt = TimeProvider.System.GetUtcNow().AddHours(2) });
        var again = await server.GivenWaitingAsync(new Said("u_again", "+15550303") { Lane = Lane.Critical });
        var sending = await server.GivenWaitingAsync(new Said("u_sending", "+15550304") { Lane = Lane.Critical });
        await ExecuteAsync("update jobs set failures = 1, run_at = now() + interval '1 hour' where id = @id", new { id = IdOf(again) });
        await ExecuteAsync("update jobs set state = 1, leased_by = 'n1', leased_at = now(), lease_until = now() + interval '1 hour' where id = @id", new { id = IdOf(sending) });
        using var client = await server.SignedInAsync();

        foreach (var (state, found) in new[] { ("ready", now), ("scheduled", later), ("retrying", again), ("processing", sending) })
        {
            var page = await client.ReadAsync($"/admin/messages?channel=sms&lane=critical&state={state}");
            Assert.True(Rows().Matches(page).Select(row => row.Groups[1].Value).Contains(found), state);
            Assert.Equal(state == "scheduled" ? 2 : 1, Rows().Count(page)); // what is tried again later is planned for later, too
        }
        Assert.Contains("u_later", await client.ReadAsync("/admin/messages?q=u_later&state=scheduled"), StringComparison.Ordinal);
        Assert.Contains("No such message", await client.ReadAsync("/admin/messages?q=u_later&state=ready"), StringComparison.Ordinal);
        Assert.Contains("No such message", await client.ReadAsync("/admin/messages?channel=sms&lane=critical&state=ready&template=none"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_go_on_from_page_to_page()
    {
        for (var n = 0; n < 52; n++) await server.GivenWaitingAsync(new Said("u_many", "many@example.org", "email") { Lane = Lane.Bulk });
        using var client = await server.SignedInAsync();

        foreach (var list in new[] { "q=u_many", "channel=email&lane=bulk&state=ready", "channel=email&lane=bulk" })
        {
            var first = await client.ReadAsync($"/admin/messages?{list}");
            var more = WebUtility.HtmlDecode(More().Match(first).Groups[1].Value);
            var (one, two) = (Rows().Matches(first).Select(row => row.Groups[1].Value).ToList(), Rows().Matches(await client.ReadAsync(more)).Select(row => row.Groups[1].Value).ToList());
            Assert.True((one.Count, two.Count, one.Concat(two).Distinct().Count()) == (50, 2, 52), list);
        }
    }

    [Fact]
    public async Task The_story_of_a_message_is_told_from_its_first_to_its_last_moment()
    {
        var message = Assert.Single(await server.GivenFailedAsync("no such letterbox", new Said("u_story", "+15550311", EventId: "event-story")));
        await ExecuteAsync("""
            insert into receipts (message_id, key, vendor, account, event, kind, class, code, at) values (@id, gen_random_uuid(), 'postbird', 'postbird', 'dropped', 'failed', 'permanent', '77', now());
            insert into engagements (message_id, kind, by_whom, source, url_key, url, first_at, last_at, count) values (@id, 'clicked', 'human', 'own', 1, 'https://example.org/x', now(), now(), 2)
            """, new { id = IdOf(message) });
        using var client = await server.SignedInAsync();

        var page = WebUtility.HtmlDecode(await client.ReadAsync($"/admin/messages/{message}"));

        foreach (var words in new[]
        {
            "A message to u_story by SMS: it failed for good at", "Accepted", "Try 1: postbird refused it for good", "P42: no such letterbox", "120 ms on",
            "postbird told: failed", "in its words: dropped", "Clicked by a person", "event-story", "transactional", "Orders and deliveries", "all that failed like this", "Requeue…", "Discard…",
        })
            Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Your code is 4711", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_is_shown_to_who_asks_and_the_audit_log_says_who_did()
    {
        var text = await server.GivenWaitingAsync(new Said("u_read", "+15550321"));
        var mail = await server.GivenWaitingAsync(new Said("u_read", "read@example.org", "email"));
        using var client = await server.SignedInAsAsync(Roles.Operator);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/admin/messages/{mail}?handler=Mail")).StatusCode);
        await client.PostAsync($"/admin/messages/{text}", "Read");
        await client.PostAsync($"/admin/messages/{mail}", "Read");

        Assert.Contains("Your code is 4711", await client.ReadAsync($"/admin/messages/{text}"), StringComparison.Ordinal);
        Assert.Contains("<iframe class=\"mail\" sandbox ", await client.ReadAsync($"/admin/messages/{mail}"), StringComparison.Ordinal);
        using var frame = await client.GetAsync($"/admin/messages/{mail}?handler=Mail");
        Assert.Equal("<p>Your code is 4711</p>", await frame.Content.ReadAsStringAsync());
        Assert.StartsWith("sandbox; default-src 'none'", frame.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync("select count(*) from audit_log where action = 'message.read' and target = any(@targets)",
            new { targets = new[] { $"message:{text[4..]}", $"message:{mail[4..]}" } }));

        // Who did not ask sees nothing, whoever else did.
        using var other = await server.SignedInAsync();
        Assert.DoesNotContain("Your code is 4711", await other.ReadAsync($"/admin/messages/{text}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_is_not_shown_what_was_said_however_they_ask()
    {
        var text = await server.GivenWaitingAsync(new Said("u_private", "+15550325"));
        using var viewer = await server.SignedInAsAsync(Roles.Viewer);

        using var refused = await viewer.PostAsync($"/admin/messages/{text}", "Read");

        Assert.Contains("/denied", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var page = await viewer.ReadAsync($"/admin/messages/{text}");
        Assert.DoesNotContain("Your code is 4711", page, StringComparison.Ordinal);
        Assert.DoesNotContain("handler=Read", page, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("select count(*) from audit_log where action = 'message.read' and target = @target", new { target = $"message:{text[4..]}" }));
    }

    [Fact]
    public async Task Words_that_are_kept_no_more_are_not_made_up()
    {
        var gone = await server.GivenWaitingAsync(new Said("u_gone", "+15550331"));
        var erased = await server.GivenWaitingAsync(new Said(null, "erased"));
        await ExecuteAsync("delete from notifications where id = (select notification_id from messages where id = @id)", new { id = IdOf(gone) });
        using var client = await server.SignedInAsync();
        await client.PostAsync($"/admin/messages/{gone}", "Read");
        await client.PostAsync($"/admin/messages/{erased}", "Read");

        Assert.Contains("Its words are no longer kept.", await client.ReadAsync($"/admin/messages/{gone}"), StringComparison.Ordinal);
        Assert.Contains("The person was erased, and the words with them.", await client.ReadAsync($"/admin/messages/{erased}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_nothing_was_sent_is_told_with_the_way_to_the_cause()
    {
        using var client = await server.SignedInAsync();
        foreach (var (reason, words, link) in new[]
        {
            ("blocked", "This person is blocked", "/admin/users/u_why"), ("opted_out", "wants nothing on this channel", "/admin/users/u_why"),
            ("suppressed_address", "suppression list", "/admin/suppressions"), ("frequency_capped", "had enough of this category", "/admin/categories/"),
        })
        {
            var message = await server.GivenWaitingAsync(new Said("u_why", "+15550341"));
            await ExecuteAsync("delete from jobs where id = @id; update messages set status = 'suppressed', reason = @reason where id = @id", new { id = IdOf(message), reason });

            var page = await client.ReadAsync($"/admin/messages/{message}");

            Assert.Contains(words, page, StringComparison.Ordinal);
            Assert.Contains(link, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_message_is_cancelled_requeued_or_discarded_from_its_page()
    {
        var waits = await server.GivenWaitingAsync(new Said("u_one", "+15550351"));
        var failed = await server.GivenFailedAsync("the heron slept", new Said("u_one", "+15550352"), new Said("u_one", "+15550353"));
        using var client = await server.SignedInAsAsync(Roles.Operator);

        Assert.Contains("Say why", await (await client.PostAsync($"/admin/messages/{waits}", "Cancel", ("Reason", ""))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await client.PostAsync($"/admin/messages/{waits}", "Cancel", ("Reason", "wrong text"));
        Assert.Equal("cancelled", await server.StateOfAsync(waits));
        Assert.Contains("Cancelled by", await client.ReadAsync($"/admin/messages/{waits}"), StringComparison.Ordinal);

        await client.PostAsync($"/admin/messages/{failed[0]}", "Requeue", ("Reason", "repaired"));
        Assert.Equal("queued", await server.StateOfAsync(failed[0]));
        Assert.Contains("Requeued by", await client.ReadAsync($"/admin/messages/{failed[0]}"), StringComparison.Ordinal);

        using var started = await client.PostAsync($"/admin/messages/{failed[1]}", "Discard", ("Reason", "dead"));
        await client.UntilDoneAsync(started.Headers.Location);
        Assert.DoesNotContain("Discard…", WebUtility.HtmlDecode(await client.ReadAsync($"/admin/messages/{failed[1]}")), StringComparison.Ordinal);
    }

    private static Guid IdOf(string message) => Guid.ParseExact(message["msg_".Length..], "N");

    private async Task<string> NotificationOfAsync(string message)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        return PrefixedId.Format("ntf", await connection.QuerySingleAsync<Guid>("select notification_id from messages where id = @id", new { id = IdOf(message) }));
    }

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private async Task<long> CountAsync(string sql, object parameters)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql, parameters);
    }

    [GeneratedRegex("""row-link" href="/admin/messages/([^"]+)""")]
    private static partial Regex Rows();

    [GeneratedRegex("""href="([^"]+)">More""")]
    private static partial Regex More();
}
