using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Queue;

/// Two ways in which a queue in PostgreSQL grows slow without anybody having changed anything.
public sealed class PlanTests(Database db) : IClassFixture<Database>
{
    private static readonly LaneLimits Some = new(10, 10, 10, 10, 0);

    [Fact]
    public async Task A_claim_that_was_prepared_while_there_was_nothing_to_claim_does_not_keep_that_plan()
    {
        await using var prepares = PostgresSource.Create(db.ConnectionString + ";Max Auto Prepare=20;Auto Prepare Min Usages=2;Maximum Pool Size=1", new DatabaseOptions());
        var claims = new JobClaims(prepares, new NodeIdentity(), Options.Create(new QueueOptions()), guard: null);
        for (var i = 0; i < 20; i++) await claims.ClaimAsync("sms", Some, CancellationToken.None);

        await using var connection = await prepares.OpenConnectionAsync();
        var (generic, custom) = await connection.QuerySingleAsync<(long, long)>(
            "select sum(generic_plans)::bigint, sum(custom_plans)::bigint from pg_prepared_statements where statement like '%critical as materialized%'");

        Assert.Equal(0, generic);
        Assert.InRange(custom, 5, 20);
    }

    [Fact]
    public async Task Statements_are_not_prepared_unless_the_connection_string_asks_for_it()
    {
        var claims = new JobClaims(db.Source, new NodeIdentity(), Options.Create(new QueueOptions()), guard: null);
        for (var i = 0; i < 20; i++) await claims.ClaimAsync("sms", Some, CancellationToken.None);

        await using var connection = await db.Source.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from pg_prepared_statements"));
    }

    [Fact]
    public async Task Dead_rows_above_the_bound_are_vacuumed_by_the_server_itself()
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("alter table jobs_sms set (autovacuum_enabled = false)");
        await connection.ExecuteAsync("insert into jobs (channel, id, lane, run_at) select 'sms', gen_random_uuid(), 1, now() from generate_series(1, 3000)");
        await connection.ExecuteAsync("delete from jobs where channel = 'sms'");
        await Eventually.IsTrueAsync(async () => await DeadAsync() >= 3000);
        var vacuum = new JobsVacuum(db.Source, Options.Create(new QueueOptions { VacuumAbove = 2000 }), Options.Create(new DatabaseOptions()), new ChoreBook(db.Source, TimeProvider.System), NullLogger<JobsVacuum>.Instance);

        await vacuum.RunOnceAsync(CancellationToken.None);

        await Eventually.IsTrueAsync(async () => await DeadAsync() == 0);

        async Task<long> DeadAsync() => await connection.ExecuteScalarAsync<long>("select pg_stat_get_dead_tuples('jobs_sms'::regclass)");
    }
}
