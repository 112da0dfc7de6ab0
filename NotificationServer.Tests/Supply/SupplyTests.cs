using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Supply;

[Bar("S39")]
public sealed partial class SupplyTests
{
    private static readonly string[] Projects = ["NotificationServer", "NotificationServer.Tests", "NotificationServer.Simulator", "NotificationServer.Benchmarks"];

    [Fact]
    public void The_inventory_names_every_package_with_the_digest_of_its_bytes()
    {
        var text = Inventory.Of(Environment.Version.ToString());
        Keep(text);
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var components = root.GetProperty("components").EnumerateArray().ToDictionary(one => one.GetProperty("bom-ref").GetString()!); // always there
        var locked = Package.OfProject("NotificationServer");

        Assert.Equal(("CycloneDX", "1.6", 1), (root.GetProperty("bomFormat").GetString(), root.GetProperty("specVersion").GetString(), root.GetProperty("version").GetInt32()));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", root.GetProperty("serialNumber").GetString());
        Assert.True(locked.Count > 30);
        Assert.All(locked.Values, package =>
        {
            var hash = Assert.Single(components[package.Purl].GetProperty("hashes").EnumerateArray());
            Assert.Equal(("SHA-512", 128), (hash.GetProperty("alg").GetString(), hash.GetProperty("content").GetString()!.Length)); // always there
        });
        Assert.Equal("PostgreSQL", Assert.Single(components[locked["npgsql"].Purl].GetProperty("licenses").EnumerateArray()).GetProperty("expression").GetString());
        var known = components.Keys.Append("NotificationServer").Cast<string?>().ToHashSet();
        Assert.All(root.GetProperty("dependencies").EnumerateArray(), one =>
        {
            Assert.Contains(one.GetProperty("ref").GetString(), known);
            Assert.All(one.GetProperty("dependsOn").EnumerateArray(), need => Assert.Contains(need.GetString(), known));
        });
        Assert.Equal(text, Inventory.Of(Environment.Version.ToString()));
    }

    [Fact]
    public void Every_project_is_restored_from_a_lock_file_and_every_version_is_an_exact_one()
    {
        Violations.None(Projects.Where(project => !File.Exists(Path.Combine(Source.Root, project, "packages.lock.json"))));
        Assert.Contains("<RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>", Source.Read("Directory.Build.props"), StringComparison.Ordinal);
        var versions = XDocument.Parse(Source.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(one => (string?)one.Attribute("Version") ?? "").ToList();
        Assert.True(versions.Count > 15);
        Violations.None(versions.Where(version => !Exact().IsMatch(version)));
    }

    [Fact]
    public void Every_lock_file_names_the_versions_that_the_repository_asks_for()
    {
        var asked = XDocument.Parse(Source.Read("Directory.Packages.props")).Root!.Elements("ItemGroup").First().Elements("PackageVersion") // the first group is for every build
            .ToDictionary(one => ((string?)one.Attribute("Include") ?? "").ToLowerInvariant(), one => (string?)one.Attribute("Version"));

        Violations.None(from project in Projects
                        from package in Package.OfProject(project).Values
                        let version = asked.GetValueOrDefault(package.Id.ToLowerInvariant())
                        where package.IsDirect && version is not null && version != package.Version
                        select $"{project}: {package.Id} {package.Version}, asked for is {version}");
    }

    /// Where `./test sbom` says.
    private static void Keep(string text)
    {
        if (Environment.GetEnvironmentVariable("NS_SBOM") is not { Length: > 0 } file) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!); // a file of the repository has a folder
        File.WriteAllText(file, text + "\n");
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+([.-][\w.]+)?$")]
    private static partial Regex Exact();
}
