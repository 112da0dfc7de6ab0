using Dapper;
using Npgsql;

namespace NotificationServer.Tests.Admin.Pages.Inbox;

/// One row of the development inbox.
internal sealed record Seed(string Channel, string Address, string? Title = null, string? Subject = null, string? Text = null, string? Html = null,
    string? Payload = null, int SecondsAgo = 0)
{
    public Guid Id { get; } = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddSeconds(-SecondsAgo));

    public async Task<Seed> IntoAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into inbox (id, message_id, channel, address, title, subject, text, html, payload, received_at)
            values (@Id, gen_random_uuid(), @Channel, @Address, @Title, @Subject, @Text, @Html, @Payload::json, now() - make_interval(secs => @SecondsAgo))
            """, this);
        return this;
    }
}
