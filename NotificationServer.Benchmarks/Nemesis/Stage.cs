using NotificationServer.Benchmarks.Faults;
using Npgsql;

namespace NotificationServer.Benchmarks.Nemesis;

/// Where mishaps happen: the trial, and what several of them need.
internal sealed class Stage(Trial trial)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int Tries = 120;

    private volatile IReadOnlyList<Uri>? detour;

    public Trial Trial => trial;
    public Arena Arena => trial.Arena;

    /// Where clients post to.
    public IReadOnlyList<Uri> Urls => detour ?? Arena.Urls;

    /// Null ends it.
    public void Detour(IReadOnlyList<Uri>? through) => detour = through;

    public ServerNode AnyNode(Turn turn)
    {
        var number = turn.Dice.Next(Arena.Nodes.Count);
        turn.Detail = $"node {number + 1}";
        return Arena.Nodes[number];
    }

    /// As many nodes as there should be. A start that falls into a second mishap is tried again, as a supervisor would.
    public async Task BringUpAsync(CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                await Arena.EnsureNodesAsync(ct);
                return;
            }
            catch (InvalidOperationException) when (round < Tries)
            {
                await Task.Delay(Pause, ct);
            }
        }
    }

    /// Something that a person does at some node, again until it works.
    public async Task OperateAsync(string path, string reason, CancellationToken ct)
    {
        for (var round = 0; ; round++)
        {
            try
            {
                var nodes = Arena.Urls;
                await trial.Client.SendAsync(HttpMethod.Post, nodes[round % nodes.Count], path, new Dictionary<string, string> { ["reason"] = reason }, ct);
                return;
            }
            catch (Exception e) when (round < Tries && e is InvalidOperationException or HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                await Task.Delay(Pause, ct);
            }
        }
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        try
        {
            await trial.AskAsync<object>(sql, ct);
        }
        catch (NpgsqlException)
        {
            // A database that is away anyway is not hurt by this.
        }
    }

    /// Null while the database is away.
    public async Task<T?> LookAsync<T>(string sql, CancellationToken ct) where T : struct
    {
        try
        {
            return await trial.AskAsync<T>(sql, ct);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }
}
