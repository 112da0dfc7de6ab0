using System.ComponentModel.DataAnnotations;
using IPNetwork = System.Net.IPNetwork;

namespace NotificationServer.Platform.Telemetry;

/// Who may read `/metrics`, and where. As it stands nobody may, except this machine in Development.
internal sealed class MetricsOptions : IValidatableObject
{
    public const string Section = "Metrics";
    private const int ShortestToken = 16;

    /// A port for nothing but `/metrics`, where this machine may read them too unless there is a token; 0: any free one. Null: where the server
    /// itself listens.
    [Range(0, 65535)] public int? Port { get; init; }

    /// Whoever sends it (`Authorization: Bearer ...`) may read them.
    public string? Token { get; init; }

    /// The file that holds it, instead.
    public string? TokenFile { get; init; }

    /// Addresses of these networks (10.1.0.0/16) may read them without a token.
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// Somebody was given leave to read them.
    public bool IsWanted => Port is not null || ReadToken() is not null || AllowedNetworks.Count > 0;

    public string? ReadToken() => Token is { Length: > 0 } ? Token : TokenFile is { Length: > 0 } file && File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TokenFile is { Length: > 0 } file && !File.Exists(file)) yield return new($"{Section}:{nameof(TokenFile)}: there is no such file");
        if (ReadToken() is { Length: < ShortestToken }) yield return new($"{Section}:{nameof(Token)} has at least {ShortestToken} characters");
        if (AllowedNetworks.FirstOrDefault(text => !IPNetwork.TryParse(text, out _)) is { } wrong)
            yield return new($"{Section}:{nameof(AllowedNetworks)}: {wrong} is no network; use the form 10.1.0.0/16");
    }
}
