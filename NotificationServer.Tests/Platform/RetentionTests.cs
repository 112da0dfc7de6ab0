using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

/// Old days leave whole, and nothing that is still wanted leaves with them.
public sealed class RetentionTests(Database db) : IClassFixture<Database>
{
    private readonly Retention retention = new(
        db.Source, Options.Create(new RetentionOptions { LockWait = TimeSpan.FromMilliseconds(50) }), new ChoreBook(db.Source, TimeProvider.System), NullLogger<Retention>.Instance);

    [Fact]
    public async Task A_day_goes_when_it_is_old_enough_and_the_days_after_it_stay()
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await GivenDaysAsync(connection, daysAgo: 93, days: 4);

        var dropped = await retention.RunOnceAsync(default);

        Assert.Equal(["engaged", "engagements", "receipts", "attempts", "messages", "notifications"], dropped.Select(name => name[..^9]).Distinct());
        Assert.Equal(18, dropped.Count);
        Assert.True(await connection.ExecuteScalarAsync<bool>("select to_regclass('messages_' || to_char((now() at time zone 'UTC')::date - 90, 'YYYYMMDD')) is not null"));
        Assert.Empty(await retention.RunOnceAsync(default));
    }

    [Theory]
    [InlineData("insert into jobs (channel, id, lane, run_at) values ('sms', @id, 1, now() + interval '200 days')", "delete from jobs where id = @id")]
    [InlineData("update messages set status = 'failed', reason = 'refused' where id = @id", "update messages set status = 'cancelled' where id = @id")]
    public async Task A_day_stays_for_as_long_as_a_message_of_it_waits_or_is_a_dead_letter(string keep, string letGo)
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await GivenDaysAsync(connection, daysAgo: 120, days: 1);
        var id = await GivenMessageAsync(connection, daysAgo: 120);
        var dead = await connection.ExecuteScalarAsync<bool>("select to_regclass('dead_letters') is not null") && keep.Contains("failed", StringComparison.Ordinal);
        await connection.ExecuteAsync(keep, new { id });
        if (dead) await connection.ExecuteAsync("insert into dead_letters (message_id, notification_id, client_id, channel, lane, fingerprint, reason, attempts) values (@id, @id, @id, 'sms', 1, 'x', 'refused', 1)", new { id });

        Assert.Empty(await retention.RunOnceAsync(default));
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("select count(*) from messages where id = @id", new { id }));
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("select count(*) from notifications where id = @id", new { id }));

        await connection.ExecuteAsync(letGo, new { id });
        if (dead) await connection.ExecuteAsync("delete from dead_letters where message_id = @id", new { id });
        Assert.Equal(6, (await retention.RunOnceAsync(default)).Count);
    }

    [Fact]
    public async Task A_drop_that_cannot_have_its_lock_gives_up_and_holds_nobody_up()
    {
        await using var reader = await db.Source.OpenConnectionAsync();
        await GivenDaysAsync(reader, daysAgo: 150, days: 1);
        await using var transaction = await reader.BeginTransactionAsync();
        await reader.ExecuteAsync("select count(*) from attempts");

        var dropping = retention.RunOnceAsync(default);
        await using (var writer = await db.Source.OpenConnectionAsync())
        {
            await GivenMessageAsync(writer, daysAgo: 0); // nobody waits longer than three seconds for a lock: who is held up throws
        }

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, (await Assert.ThrowsAsync<PostgresException>(() => dropping)).SqlState);
        await transaction.RollbackAsync();
        // Of the four logs one comes before the attempts, and has gone already.
        Assert.Equal(3, (await retention.RunOnceAsync(default)).Count);
    }

    [Fact]
    [Bar("B35")]
    public async Task Keys_are_forgotten_when_their_promise_is_over()
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into event_dedup (client_id, event_id, request_hash, notification_id, accepted_at)
            select gen_random_uuid(), 'e' || age, '', gen_random_uuid(), now() - make_interval(days => age) from unnest(array[34, 36]) age;
            insert into idempotency_keys (client_id, key, request_hash, notification_id, status, response, created_at)
            select gen_random_uuid(), 'k' || age, '', gen_random_uuid(), 202, '', now() - make_interval(hours => age) from unnest(array[23, 25]) age
            """);

        await new KeyRetention(db.Source, Options.Create(new RetentionOptions())).RunOnceAsync(default);

        Assert.Equal(["e34"], await connection.QueryAsync<string>("select event_id from event_dedup"));
        Assert.Equal(["k23"], await connection.QueryAsync<string>("select key from idempotency_keys"));
    }

    private static Task<int> GivenDaysAsync(NpgsqlConnection connection, int daysAgo, int days) =>
        connection.ExecuteAsync("select create_log_partitions((now() at time zone 'UTC')::date - @daysAgo, @days)", new { daysAgo, days });

    private static async Task<Guid> GivenMessageAsync(NpgsqlConnection connection, int daysAgo)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-daysAgo).AddHours(12));
        await connection.ExecuteAsync("""
            insert into notifications (id, client_id, payload, accepted_at, recipients) values (@id, @id, '{}', now(), 1);
            insert into messages (id, notification_id, client_id, channel, lane, address, status, created_at, updated_at)
            values (@id, @id, @id, 'sms', 1, '+15550100', 'sent', now(), now())
            """, new { id });
        return id;
    }
}
