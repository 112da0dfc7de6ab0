using Dapper;
using Npgsql;

namespace NotificationServer.Queue;

/// Where the jobs of a run wait while it is held: in an hour of its own in a future in which nothing else is due. A look into the index of
/// what is ready finds them there, however many there are beside them and whenever they came: also those of a node that heard too late
/// that the run goes on.
internal static class HeldJobsOfRuns
{
    private static readonly DateTimeOffset Future = new(2900, 1, 1, 0, 30, 0, TimeSpan.Zero);
    private const int Hours = 500_000;

    /// The middle of the hour: older versions put it there by the clocks of their nodes, which is near it.
    public static DateTimeOffset PlaceOf(long number) => Future.AddHours(number % Hours);

    /// In the caller's transaction: a batch of them is due now. How many.
    public static Task<int> ReleaseAsync(NpgsqlConnection connection, long number, int batch, CancellationToken ct)
    {
        var place = PlaceOf(number);
        return connection.ExecuteAsync(new CommandDefinition(
            Sql.Release, new { from = place.AddMinutes(-30), below = place.AddMinutes(30), batch }, cancellationToken: ct));
    }

    internal static class Sql
    {
        public const string Release = """
            with held as materialized (
                select channel, id
                from jobs
                where state = 0 and lane = 2 and run_at >= @from::timestamptz and run_at < @below::timestamptz
                order by run_at limit @batch for update skip locked
            )
            update jobs j
            set run_at = now()
            from held
            where j.channel = held.channel and j.id = held.id and j.state = 0
            """;
    }
}
