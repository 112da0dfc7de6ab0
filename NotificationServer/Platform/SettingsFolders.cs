using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace NotificationServer.Platform;

/// `NS_SETTINGS_DIR`: folders in which each file is one setting, its name the setting's and its text the value, as container engines hand over
/// secrets (`ConnectionStrings__Default`, `Secrets__api_key_pepper`). Several are separated by `:`, the later one wins; one that is
/// not there says nothing. What the environment and the command line say wins over all of them.
internal static class SettingsFolders
{
    public const string Key = "NS_SETTINGS_DIR";

    public static void Add(ConfigurationManager configuration)
    {
        var folders = (configuration[Key] ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (folders.Length == 0) return;

        var sources = configuration.Sources;
        var files = new ConfigurationBuilder();
        foreach (var folder in folders) files.AddKeyPerFile(Path.GetFullPath(folder), optional: true, reloadOnChange: false);
        var environment = sources.LastOrDefault(source => source is EnvironmentVariablesConfigurationSource);
        var at = environment is null ? sources.Count : sources.IndexOf(environment);
        foreach (var source in files.Sources.Reverse()) sources.Insert(at, source);
    }
}
