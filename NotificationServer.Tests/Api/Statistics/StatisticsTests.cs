using Dapper;
using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Tests.Queue;

namespace NotificationServer.Tests.Api.Statistics;

/// The figures by template are those of the rows, at every moment and in every way of looking at them.
public sealed class StatisticsTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    private static readonly string[] Templates = ["news", "order", "code"];

    private sealed record Row(string Template, int Version, string Channel, string Provider, string Status, long Count, long Sent);

    [Fact]
    public async Task After_every_ending_there_is_the_figures_are_the_rows()
    {
        var client = Guid.CreateVersion7();
        var random = new Random(3);
        for (var round = 0; round < 6; round++)
        {
            var messages = Enumerable.Range(0, 60).Select(_ => QueueFixture.New(Guid.CreateVersion7(), Channel.Email, (Lane)random.Next(3)) with
            {
                ClientId = client,
                Template = Templates[random.Next(3)],
                TemplateVersion = random.Next(1, 3),
                SuppressedBecause = random.Next(8) == 0 ? "opted_out" : null,
                ExpiresAt = random.Next(10) == 0 ? TimeProvider.System.GetUtcNow().AddSeconds(-1) : null,
                Sandbox = random.Next(10) == 0,
            }).ToList();
            await queue.GivenMessages(messages);
            await queue.Cancellation.CancelAsync([.. messages.Where(message => message.SuppressedBecause is null).Take(5).Select(message => message.Id)], CancellationToken.None);
            await queue.Expirer.RunOnceAsync(CancellationToken.None);
            var jobs = await queue.Claim(Channel.Email, new LaneLimits(40, 40, 40, 40, 0));
            await queue.Write([.. jobs.Select(job => random.Next(6) switch
            {
                0 => QueueFixture.Failed(job),
                1 => QueueFixture.Again(job),
                2 => new JobResult { Job = job, End = MessageStatus.Suppressed, Reason = "blocked" },
                _ => QueueFixture.Sent(job),
            })]);
            foreach (var job in jobs.Take(3)) await queue.Requeue.RequeueAsync(job.Id, "again", "test", null, CancellationToken.None);
            await TellAsync(jobs, random);
            if (round % 2 == 0) await queue.Rollup.RunOnceAsync(CancellationToken.None);
            await AddsUpAsync(client);
        }
        Assert.Equal(Templates.Order(), (await AskAsync(client, "template")).Select(row => row.Template).Order());
        Assert.Contains(await AskAsync(client, "provider"), row => row is { Provider: "twilio", Sent: > 0, Accepted: 0 });
        Assert.Empty(await AskAsync(Guid.CreateVersion7(), "template"));
    }

    /// What the provider told of some of them.
    private async Task TellAsync(IReadOnlyList<Job> jobs, Random random)
    {
        await using var connection = await queue.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ReceiptWriter.WriteAsync(connection, new ReceiptWriter.Source("sendgrid", "sendgrid", "email"), [.. jobs.Take(20).Select(job =>
        {
            var status = new[] { "delivered", "bounced", "failed" }[random.Next(3)];
            return new NewReceipt { MessageId = job.Id, Key = Guid.CreateVersion7(), Event = status, Kind = status, Class = "ok", Status = status, Reason = status == "delivered" ? null : "no", At = TimeProvider.System.GetUtcNow() };
        })], CancellationToken.None);
        await transaction.CommitAsync();
    }

    private async Task AddsUpAsync(Guid client)
    {
        var rows = await queue.QueryAll<Row>("""
            select template, template_version as version, channel, case when status = 'queued' then '' else coalesce(provider, '') end as provider, status, count(*), count(sent_at) as sent
            from messages where client_id = @client and not sandbox group by 1, 2, 3, 4, 5
            """, new { client });
        var figures = await AskAsync(client, "template,template_version,channel,provider,day");
        foreach (var of in rows.GroupBy(row => (row.Template, row.Version, row.Channel, row.Provider)))
        {
            var figure = figures.Where(one => (one.Template, one.TemplateVersion, one.Channel, one.Provider) == of.Key).ToList();
            long Counted(string status) => of.Where(row => row.Status == status).Sum(row => row.Count);
            Assert.Equal(
                (Counted("queued"), Counted("sent"), Counted("delivered"), Counted("bounced"), Counted("failed"), Counted("suppressed"), Counted("expired") + Counted("cancelled"), of.Sum(row => row.Sent)),
                (figure.Sum(f => f.Waiting), figure.Sum(f => f.Unconfirmed), figure.Sum(f => f.Delivered), figure.Sum(f => f.Bounced), figure.Sum(f => f.Failed), figure.Sum(f => f.Suppressed),
                    figure.Sum(f => f.Expired + f.Cancelled), figure.Sum(f => f.Sent)));
        }
        var total = Assert.Single(await AskAsync(client, "none"));
        Assert.Equal(rows.Sum(row => row.Count), total.Accepted);
        Assert.Equal(total.Accepted, total.Waiting + total.Unconfirmed + total.Delivered + total.Bounced + total.Failed + total.Suppressed + total.Expired + total.Cancelled);
    }

    /// As the endpoint asks.
    private async Task<List<NotificationServer.Api.Statistics.StatisticsRow>> AskAsync(Guid client, string groups)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        await using var connection = await queue.Db.OpenConnectionAsync();
        return (await connection.QueryAsync<NotificationServer.Api.Statistics.StatisticsRow>(NotificationServer.Api.Statistics.GetStatistics.Sql.Sum, new
        {
            client, from = today.AddDays(-2), to = today, Template = (string?)null, Channel = (string?)null, Provider = (string?)null, groups = groups.Split(','), most = 1000,
        })).AsList();
    }
}
