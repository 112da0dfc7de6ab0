using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotificationServer.Tests.Supply;

/// What the server is made of, as a CycloneDX 1.6 document: every package that is shipped with it, and the frameworks that it runs on. Made from the lock
/// file, the licences of the restored packages and the version of .NET: the same commit on the same .NET has the same document, byte by byte.
internal static class Inventory
{
    private const string Server = "NotificationServer";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static string Of(string version)
    {
        var packages = Package.OfProject(Server);
        var components = new JsonArray([.. packages.Values.OrderBy(one => one.Purl, StringComparer.Ordinal).Select(one => (JsonNode)Component(one)), .. Frameworks(version)]);
        var dependencies = new JsonArray(
        [
            Depends(Server, [.. packages.Values.Where(one => one.IsDirect).Select(one => one.Purl), .. Shared.Select(name => $"pkg:generic/{name}@{version}")]),
            .. packages.Values.OrderBy(one => one.Purl, StringComparer.Ordinal).Select(one => Depends(one.Purl, one.Needs.Where(packages.ContainsKey).Select(need => packages[need].Purl))),
        ]);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(components.ToJsonString()));
        return new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = $"urn:uuid:{new Guid(digest.AsSpan(0, 16))}",
            ["version"] = 1,
            ["metadata"] = new JsonObject { ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = Server, ["name"] = Server } },
            ["components"] = components,
            ["dependencies"] = dependencies,
        }.ToJsonString(Readable);
    }

    private static readonly string[] Shared = ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"];

    private static IEnumerable<JsonNode> Frameworks(string version) => Shared.Select(name => new JsonObject
    {
        ["type"] = "framework", ["bom-ref"] = $"pkg:generic/{name}@{version}", ["name"] = name, ["version"] = version, ["purl"] = $"pkg:generic/{name}@{version}",
        ["licenses"] = new JsonArray(new JsonObject { ["expression"] = "MIT" }),
    });

    private static JsonObject Component(Package package)
    {
        var component = new JsonObject
        {
            ["type"] = "library", ["bom-ref"] = package.Purl, ["name"] = package.Id, ["version"] = package.Version, ["purl"] = package.Purl,
            ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(package.Sha512)) }),
        };
        var (expression, url) = package.License();
        if (expression is not null) component["licenses"] = new JsonArray(new JsonObject { ["expression"] = expression });
        else if (url is not null) component["licenses"] = new JsonArray(new JsonObject { ["license"] = new JsonObject { ["name"] = "see url", ["url"] = url } });
        return component;
    }

    private static JsonObject Depends(string on, IEnumerable<string> needs) => new()
    {
        ["ref"] = on, ["dependsOn"] = new JsonArray([.. needs.Order(StringComparer.Ordinal).Select(need => (JsonNode)need)]),
    };
}
