using System.Net;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Admin.Pages.Failures;

/// Messages in every state, as the walk leaves them, and the people who look at them.
internal static class Desk
{
    private const string Password = "seven quiet herons wade";

    internal sealed record Said(string? UserId = null, string? Address = null, string Channel = "sms", string Text = "Your code is 4711", string? EventId = null, string? Template = null)
    {
        public DateTimeOffset? SendAt { get; init; }
        public Lane Lane { get; init; } = Lane.Transactional;
    }

    public static async Task<AdminClient> SignedInAsAsync(this AdminServer server, string role)
    {
        var email = $"{role.ToLowerInvariant()}-{Guid.CreateVersion7():N}@example.org";
        await using (var scope = server.Services.CreateAsyncScope())
        {
            var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
            var member = new StaffMember { UserName = email, Email = email };
            Assert.True((await staff.CreateAsync(member, Password)).Succeeded);
            Assert.True((await staff.AddToRoleAsync(member, role)).Succeeded);
        }
        var client = server.Client();
        Assert.Equal(HttpStatusCode.Found, (await client.SignInAsync(email, Password)).StatusCode);
        return client;
    }

    /// The form of this handler, on the page that it stands on.
    public static Task<HttpResponseMessage> PostAsync(this AdminClient client, string page, string handler, params (string Name, string Value)[] fields) =>
        client.PostAsync(handler.Length == 0 ? page : $"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}handler={handler}", fields);

    public static Task PauseAsync(this AdminServer server, string channel) => server.Services.GetRequiredService<SwitchBoard>()
        .HoldAsync(SwitchKind.Channel, channel, SwitchMode.Paused, "so that it stays put", null, "test", CancellationToken.None);

    public static Task ResumeAsync(this AdminServer server, string channel) =>
        server.Services.GetRequiredService<SwitchBoard>().ResumeAsync(SwitchKind.Channel, channel, "go on", "test", CancellationToken.None);

    /// Accepted, in a queue that is held: its public id.
    public static async Task<string> GivenWaitingAsync(this AdminServer server, Said said)
    {
        await server.PauseAsync(said.Channel);
        return PrefixedId.Format("msg", await StoreAsync(server.Db, said));
    }

    /// Refused for good, with these words.
    public static async Task<IReadOnlyList<string>> GivenFailedAsync(this AdminServer server, string why, params Said[] all)
    {
        var channel = all[0].Channel;
        await server.PauseAsync(channel);
        var ids = new List<Guid>();
        foreach (var said in all) ids.Add(await StoreAsync(server.Db, said));
        // What is being claimed since before the pause comes to its end first.
        var claims = server.Services.GetRequiredService<JobClaims>();
        var jobs = await claims.ClaimAsync(channel, new LaneLimits(1000, 1000, 1000, 1000, 0), CancellationToken.None);
        await claims.ReleaseAsync([.. jobs.Where(job => !ids.Contains(job.Id))], CancellationToken.None);
        await server.Services.GetRequiredService<JobResults>().WriteAsync([.. jobs.Where(job => ids.Contains(job.Id)).Select(job => new JobResult
        {
            Job = job, End = MessageStatus.Failed, Reason = $"postbird: {why}",
            Attempt = new Attempt { Provider = "postbird", Outcome = "permanent", Code = "P42", Detail = why, StartedAt = job.ClaimedAt, FinishedAt = job.ClaimedAt.AddMilliseconds(120) },
        })], CancellationToken.None);
        return [.. ids.Select(id => PrefixedId.Format("msg", id))];
    }

    public static async Task<string> StateOfAsync(this AdminServer server, string message)
    {
        await using var connection = await server.Db.OpenConnectionAsync();
        return await connection.QuerySingleAsync<string>("select delivery_status from message_states where id = @id", new { id = Guid.ParseExact(message["msg_".Length..], "N") });
    }

    public static async Task<Guid> StoreAsync(NpgsqlDataSource db, Said said)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (notification, id, client) = (PrefixedId.Create(now, 0), PrefixedId.Create(now, 1), Guid.CreateVersion7());
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into clients (id, name) values (@client, @name);
            insert into notifications (id, client_id, event_id, category, template, template_version, payload, accepted_at, recipients)
            values (@notification, @client, @EventId, 'orders', @Template, case when @Template::text is not null then 1 end, @payload::json, now(), 1);
            insert into event_dedup (client_id, event_id, request_hash, notification_id) select @client, @EventId, '\x00'::bytea, @notification where @EventId is not null;
            insert into users (id) select @UserId where @UserId is not null on conflict do nothing
            """, new
        {
            client, name = $"shop {client:N}", notification, said.EventId, said.Template, said.UserId,
            payload = JsonSerializer.Serialize(new { content = new { text = said.Text, body = said.Text, title = "Hello", subject = "Hello", html = $"<p>{said.Text}</p>" } }),
        });
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(MessageWriter.InsertCommand([new NewMessage
        {
            Id = id, NotificationId = notification, ClientId = client, UserId = said.UserId, Channel = said.Channel, Lane = said.Lane, Address = said.Address ?? "+15550100",
            CreatedAt = now.AddSeconds(-1), SendAt = said.SendAt, Template = said.Template, TemplateVersion = said.Template is null ? null : 1,
        }]));
        await batch.ExecuteNonQueryAsync();
        return id;
    }

    public static async Task UntilDoneAsync(this AdminClient client, Uri? operation) =>
        await Eventually.IsTrueAsync(async () => (await client.ReadAsync(operation!.OriginalString)).Contains("status-ok", StringComparison.Ordinal)); // where it was redirected to
}
