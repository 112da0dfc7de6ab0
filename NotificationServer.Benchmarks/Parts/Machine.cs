using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace NotificationServer.Benchmarks.Parts;

/// What the figures were taken on, so that nobody compares apples with pears.
internal sealed record Machine(
    string Cpu, int Cores, int MemoryMb, string Os, string Dotnet, string Postgres, double LoadBefore, bool Quick)
{
    public static async Task<Machine> LookAtAsync(NpgsqlDataSource db, bool quick, CancellationToken ct)
    {
        await using var version = db.CreateCommand(Sql.Version);
        var postgres = (string?)await version.ExecuteScalarAsync(ct) ?? "";
        return new Machine(CpuName(), Environment.ProcessorCount, (int)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20),
            RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, postgres, LoadAverage(), quick);
    }

    public string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{Cores} cores ({Cpu}), {MemoryMb:#,0} MB, PostgreSQL {Postgres}, {Dotnet}, load before {LoadBefore}{(Quick ? ", quick" : "")}");

    private static string CpuName() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// What others do on the machine costs the figures: said beside them.
    private static double LoadAverage() => !File.Exists("/proc/loadavg") ? 0
        : double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    internal static class Sql
    {
        public const string Version = "select current_setting('server_version')";
    }
}
