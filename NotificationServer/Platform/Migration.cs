using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NotificationServer.Platform;

/// One numbered file of `migrations/`, as it was built into this server.
internal sealed partial record Migration(int Number, string Name, string Sql)
{
    /// What `sha256sum` says of the file, whatever line ends a checkout gave it.
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public static IReadOnlyList<Migration> Embedded { get; } = Load();

    private static Migration[] Load()
    {
        var assembly = typeof(Migration).Assembly;
        var found = from resource in assembly.GetManifestResourceNames()
                    let name = FileName().Match(resource)
                    where name.Success
                    let number = int.Parse(name.Groups["number"].Value, CultureInfo.InvariantCulture)
                    orderby number
                    select new Migration(number, name.Groups["name"].Value, Read(resource));
        return [.. found];

        string Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!); // listed one line above
            return reader.ReadToEnd().ReplaceLineEndings("\n");
        }
    }

    [GeneratedRegex(@"^migrations/(?<name>(?<number>\d{4})_\w+)\.sql$")]
    private static partial Regex FileName();
}
