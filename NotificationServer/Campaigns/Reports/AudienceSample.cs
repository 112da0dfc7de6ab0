using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Segments;
using Npgsql;

namespace NotificationServer.Campaigns.Reports;

/// How many people an audience is, and some of them, picked at random.
internal sealed class AudienceSample(NpgsqlDataSource db, IOptions<ReportOptions> options)
{
    // Of the whole table, where counting takes too long: enough to be right to a few percent.
    private const double PartOfAll = 1;

    internal readonly record struct Picked(long Audience, bool IsCounted, IReadOnlyList<string> People);

    /// Null: it took too long even so.
    public async Task<Picked?> OfAsync(AudienceSql audience, CancellationToken ct)
    {
        var counted = await TryAsync<long>($"select count(*) from users u where {audience.Condition}", audience, ct);
        if ((counted ?? await ReckonAsync(audience, ct)) is not { } all) return null;
        var size = options.Value.SampleSize;
        // All of them where they are few; else each with the same chance, so that nobody's place in the table matters.
        var people = all <= size
            ? await PickAsync($"select u.id from users u where {audience.Condition} limit {Text(size)}", audience, ct)
            : await PickAsync($"select u.id from users u tablesample bernoulli ({Text(Math.Min(100, 100.0 * size / all))}) where {audience.Condition} limit {Text(2 * size)}", audience, ct)
                ?? await PickAsync($"select u.id from users u tablesample system ({Text(PartOfAll)}) where {audience.Condition} limit {Text(size)}", audience, ct);
        return new Picked(counted is null && people is { Count: var few } && few < size && all < few ? few : all, counted is not null, people ?? []);
    }

    private async Task<long?> ReckonAsync(AudienceSql audience, CancellationToken ct)
    {
        var part = await TryAsync<long>($"select count(*) from users u tablesample system ({Text(PartOfAll)}) where {audience.Condition}", audience, ct);
        return part is null ? null : (long)(part.Value * 100 / PartOfAll);
    }

    private async Task<T?> TryAsync<T>(string sql, AudienceSql audience, CancellationToken ct) where T : struct =>
        await InTimeAsync(async (connection, transaction) => (T?)await connection.ExecuteScalarAsync<T>(
            new CommandDefinition(sql, new DynamicParameters(audience.Parameters), transaction, cancellationToken: ct)), ct);

    private async Task<IReadOnlyList<string>?> PickAsync(string sql, AudienceSql audience, CancellationToken ct) =>
        await InTimeAsync(async (connection, transaction) => (IReadOnlyList<string>?)(await connection.QueryAsync<string>(
            new CommandDefinition(sql, new DynamicParameters(audience.Parameters), transaction, cancellationToken: ct))).AsList(), ct);

    /// Null: it was not done in time.
    private async Task<T?> InTimeAsync<T>(Func<NpgsqlConnection, NpgsqlTransaction, Task<T?>> ask, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            $"set local statement_timeout = {Text((long)options.Value.CountTimeout.TotalMilliseconds)}", transaction: transaction, cancellationToken: ct));
        try
        {
            return await ask(connection, transaction);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !ct.IsCancellationRequested)
        {
            return default;
        }
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
