using System.Text.Json;
using System.Xml.Linq;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Supply;

/// A package as a lock file names it: which bytes exactly, and what it brings along.
internal sealed record Package(string Id, string Version, string Sha512, IReadOnlyList<string> Needs, bool IsDirect)
{
    public string Purl => $"pkg:nuget/{Id}@{Version}";

    /// All packages of a project, by their names in lower case.
    public static IReadOnlyDictionary<string, Package> OfProject(string project)
    {
        using var file = JsonDocument.Parse(Source.Read($"{project}/packages.lock.json"));
        return file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(one => one.Value.GetProperty("type").GetString() != "Project")
            .GroupBy(one => one.Name.ToLowerInvariant()).ToDictionary(group => group.Key, group => Read(group.First()));
    }

    private static Package Read(JsonProperty one) => new(
        one.Name, one.Value.GetProperty("resolved").GetString()!, one.Value.GetProperty("contentHash").GetString()!, // a lock file says both of every package
        [.. one.Value.TryGetProperty("dependencies", out var needs) ? needs.EnumerateObject().Select(need => need.Name.ToLowerInvariant()) : []],
        one.Value.GetProperty("type").GetString() == "Direct");

    /// As its author says it, if the package was restored on this machine: an SPDX expression, else an address.
    public (string? Expression, string? Url) License()
    {
        var folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var name = Id.ToLowerInvariant();
        var file = Path.Combine(folder, name, Version.ToLowerInvariant(), $"{name}.nuspec");
        if (!File.Exists(file)) return default;
        var metadata = XDocument.Load(file).Root?.Elements().FirstOrDefault();
        var license = metadata?.Elements().FirstOrDefault(one => one.Name.LocalName == "license");
        return (string?)license?.Attribute("type") == "expression" ? (license?.Value, null) : (null, metadata?.Elements().FirstOrDefault(one => one.Name.LocalName == "licenseUrl")?.Value);
    }
}
