using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Api.Auth;
using NotificationServer.Clients;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Benchmarks.Parts;

/// The PostgreSQL of a run: the one that ConnectionStrings__Default names, else a private one as the server brings it up by
/// itself, durable settings and all. Each measurement gets a database of its own: a copy of one that is migrated and has people in it.
internal sealed class Rig : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("ns_bench_").FullName;
    // Two runs may share a server.
    private readonly string prefix = $"ns_bench_{Environment.ProcessId}_{Guid.CreateVersion7():N}"[..28];
    private readonly List<string> databases = [];
    private EmbeddedPostgres? embedded;
    private NpgsqlDataSource server = null!; // StartAsync sets it before anybody sees this
    private string connectionString = "";

    private Rig(bool quick) => Quick = quick;

    private string Template => $"{prefix}_template";

    public bool Quick { get; }

    /// A key that may do everything, in every copy.
    public string ApiKey { get; private set; } = "";

    public NpgsqlDataSource Server => server;

    /// Sizes are a tenth in a smoke run.
    public int Size(int full) => Quick ? Math.Max(1, full / 10) : full;

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(directory, name)).FullName;

    /// Without a connection string on a PostgreSQL of its own.
    public static async Task<Rig> StartAsync(bool quick, string? connectionString, CancellationToken ct)
    {
        var rig = new Rig(quick);
        try
        {
            await rig.StartPostgresAsync(connectionString ?? "", ct);
            await rig.MakeTemplateAsync(ct);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public async Task<Arena> ArenaAsync(string name, CancellationToken ct)
    {
        await CreateAsync($"{prefix}_{name}", $"template {Template}", ct);
        return new Arena(this, To($"{prefix}_{name}"));
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        foreach (var database in databases) await ExecuteAsync($"drop database if exists {database} with (force)", CancellationToken.None);
        if (server is not null) await server.DisposeAsync();
        if (embedded is not null) await embedded.StopAsync();
        Directory.Delete(directory, recursive: true);
    }

    private async Task StartPostgresAsync(string given, CancellationToken ct)
    {
        connectionString = given;
        if (connectionString.Length == 0)
        {
            embedded = new EmbeddedPostgres(new DataDirectory(Folder("data")), TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);
            await embedded.StartAsync(ct);
            connectionString = embedded.ConnectionString;
        }
        server = Patient(connectionString);
    }

    private async Task MakeTemplateAsync(CancellationToken ct)
    {
        await CreateAsync(Template, "", ct);
        // The server's own start-up is what migrates; then it has to be gone, for a database in use cannot be copied.
        await using (var node = await LocalNode.StartAsync(To(Template), delivers: false, TimeSpan.Zero, ct))
        {
            var keys = node.Make<ApiKeyStore>();
            ApiKey = (await keys.IssueAsync("benchmark", "benchmark", Scopes.All, sandbox: false, expiresAt: null, ct)).Reveal();
        }
        // Not through the node's own pool: a slow disk may need longer for a crowd than a node lets a statement take.
        await using (var patient = Patient(To(Template)))
        {
            await Crowd.SettleAsync(patient, ct);
            await ForgetAsync(patient, ct);
        }
        NpgsqlConnection.ClearAllPools();
    }

    /// Else each copy is one of a database that lives elsewhere, and nothing is sent from it.
    private static async Task ForgetAsync(NpgsqlDataSource template, CancellationToken ct)
    {
        await using var connection = await template.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("delete from instance_witnesses; update instance set system = null, timeline = null", cancellationToken: ct));
    }

    private async Task CreateAsync(string database, string with, CancellationToken ct)
    {
        await ExecuteAsync($"drop database if exists {database} with (force)", ct);
        await ExecuteAsync($"create database {database} {with}", ct);
        databases.Add(database);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await server.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: ct));
    }

    private static NpgsqlDataSource Patient(string to) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(to) { CommandTimeout = 600, Pooling = false }.ConnectionString);

    private string To(string database) => new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;
}
