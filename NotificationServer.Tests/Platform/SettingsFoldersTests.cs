using Microsoft.Extensions.Configuration;
using NotificationServer.Platform;

namespace NotificationServer.Tests.Platform;

public sealed class SettingsFoldersTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-settings-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_a_setting_and_wins_over_the_defaults_but_not_over_who_starts_the_server()
    {
        Given("first/Secrets__one", "from the first\n");
        Given("first/Queue__Poll", "00:00:03");
        Given("second/Secrets__one", "from the second\n");
        Given("second/Roles", "worker");
        var configuration = Configured($"{folder}/first:{folder}/missing:{folder}/second");

        Assert.Equal("from the second", configuration["Secrets:one"]);
        Assert.Equal("00:00:03", configuration["Queue:Poll"]);
        Assert.Equal("api", configuration["Roles"]);
    }

    [Fact]
    public void Without_folders_nothing_changes() => Assert.Equal("00:00:01", Configured(null)["Queue:Poll"]);

    private static ConfigurationManager Configured(string? folders)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Queue:Poll"] = "00:00:01", [SettingsFolders.Key] = folders });
        configuration.AddEnvironmentVariables("NS_THIS_TEST_SETS_NONE_");
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Roles"] = "api" });
        SettingsFolders.Add(configuration);
        return configuration;
    }

    private void Given(string file, string text)
    {
        var path = Path.Combine(folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!); // it is below the folder
        File.WriteAllText(path, text);
    }
}
