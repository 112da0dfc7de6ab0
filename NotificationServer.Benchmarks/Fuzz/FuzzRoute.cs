using System.Text.Json;

namespace NotificationServer.Benchmarks.Fuzz;

/// One operation as the server's own description has it.
internal sealed record FuzzRoute(string Method, string Path, IReadOnlyList<FuzzParameter> Parameters, string? MediaType, string? Example, JsonElement Schema)
{
    public bool Changes => Method is not ("GET" or "HEAD");

    /// Keeps by design what it refused: a file with problems is on record, so that its owner can read all of them.
    public bool KeepsRefusals => Path.StartsWith("/v1/imports", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}";
}

internal sealed record FuzzParameter(string Name, string Place);
