using System.Runtime.Versioning;
using Microsoft.Extensions.Hosting.Internal;
using NotificationServer.Platform;

namespace NotificationServer.Tests.Platform;

[UnsupportedOSPlatform("windows")]
public sealed class DevelopmentFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-dev-");

    private DataDirectory Data => new(folder.FullName);

    private string EnvFile => Data.Locate("dev.env");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_one_run_stored_the_next_one_knows()
    {
        var file = new DevelopmentFile(Data, In("Development"));
        file.Set("NS_API_KEY", "nsk_live_abc_DEF-123");
        file.Set("NS_ADMIN_PASSWORD", "it's a $(secret)");

        var next = new DevelopmentFile(Data, In("Development"));

        Assert.Equal("nsk_live_abc_DEF-123", next.Get("NS_API_KEY"));
        Assert.Equal("it's a $(secret)", next.Get("NS_ADMIN_PASSWORD"));
        Assert.Null(next.Get("NS_URL"));
    }

    [Fact]
    public async Task A_shell_that_sources_it_gets_the_values_unchanged()
    {
        new DevelopmentFile(Data, In("Development")).Set("NS_ADMIN_PASSWORD", "it's a $(secret) & more");

        var said = await Subprocess.RunAsync(["sh", "-c", ". \"$1\"; printf %s \"$NS_ADMIN_PASSWORD\"", "sh", EnvFile], default);

        Assert.Equal("it's a $(secret) & more", said.Output);
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        new DevelopmentFile(Data, In("Development")).Set("NS_API_KEY", "secret");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(EnvFile));
        Assert.Equal(["dev.env"], folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public void In_production_nothing_is_written_or_known()
    {
        new DevelopmentFile(Data, In("Development")).Set("NS_API_KEY", "secret");
        File.Copy(EnvFile, EnvFile + ".before");
        var file = new DevelopmentFile(Data, In("Production"));

        file.Set("NS_API_KEY", "another");

        Assert.Null(file.Get("NS_API_KEY"));
        Assert.Equal(File.ReadAllText(EnvFile + ".before"), File.ReadAllText(EnvFile));
    }

    private static HostingEnvironment In(string environment) => new() { EnvironmentName = environment };
}
