using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

[UnsupportedOSPlatform("windows")]
[Bar("S03", "S34")]
public sealed class ServerSecretsTests : IDisposable
{
    private static readonly byte[] Known = [.. Enumerable.Range(0, 32).Select(n => (byte)n)];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-secrets-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_configured_secret_is_used_from_a_value_or_a_file()
    {
        var file = Path.Combine(folder.FullName, "pepper.txt");
        File.WriteAllText(file, Convert.ToBase64String(Known) + "\n");

        Assert.Equal(Known, Secrets("Production", ("Secrets:pepper", Convert.ToBase64String(Known))).Get("pepper"));
        Assert.Equal(Known, Secrets("Production", ("Secrets:pepperFile", file)).Get("pepper"));
    }

    [Fact]
    public void In_production_a_missing_or_short_secret_stops_the_server()
    {
        Assert.Throws<StartupException>(() => Secrets("Production").Get("pepper"));
        Assert.Throws<StartupException>(() => Secrets("Production", ("Secrets:pepper", "c2hvcnQ=")).Get("pepper"));
        Assert.Throws<StartupException>(() => Secrets("Production", ("Secrets:pepperFile", "/nowhere")).Get("pepper"));
        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Fact]
    public void A_required_secret_is_demanded_at_the_start_in_production_only()
    {
        Assert.Throws<StartupException>(() => Secrets("Production").DemandRequired());
        Secrets("Production", ("Secrets:pepper", Convert.ToBase64String(Known))).DemandRequired();
        Secrets("Development").DemandRequired();
    }

    [Fact]
    public void In_development_one_is_made_and_kept()
    {
        var made = Secrets("Development").Get("pepper");

        Assert.Equal(32, made.Length);
        Assert.Equal(made, Secrets("Development").Get("pepper"));
        Assert.NotEqual(made, Secrets("Development").Get("another"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.FullName, "secrets", "pepper")));
    }

    [Fact]
    public async Task Nodes_that_make_it_together_agree()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Secrets("Development").Get("shared"))));

        Assert.All(made, secret => Assert.Equal(made[0], secret));
    }

    private ServerSecrets Secrets(string environment, params (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build(),
        new HostingEnvironment { EnvironmentName = environment }, new DataDirectory(folder.FullName), [new RequiredSecret("pepper")]);
}
