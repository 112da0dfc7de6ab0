using System.Text.RegularExpressions;

namespace NotificationServer.Tests.Architecture;

public sealed partial class FolderTests
{
    private const string Server = "NotificationServer";
    private static readonly string[] Everything =
        ["Notifications", "Recipients", "Templates", "Queue", "Delivery", "Channels", "Campaigns", "Tracking", "Clients", "Platform"];

    /// Two arrows are missing on purpose: Notifications and Delivery meet only in the database. That gap is where the
    /// server comes apart into an api and a worker process.
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Api"] = ["Notifications", "Campaigns", "Templates", "Recipients", "Delivery", "Queue", "Channels", "Tracking", "Clients", "Platform"],
        ["Notifications"] = ["Recipients", "Templates", "Queue", "Channels", "Platform"],
        ["Recipients"] = ["Channels", "Platform"],
        ["Templates"] = ["Channels", "Platform"],
        ["Queue"] = ["Platform"],
        ["Delivery"] = ["Queue", "Templates", "Recipients", "Channels", "Platform"],
        ["Channels"] = ["Platform"],
        ["Campaigns"] = ["Notifications", "Recipients", "Templates", "Queue", "Channels", "Platform"],
        ["Tracking"] = ["Recipients", "Queue", "Channels", "Platform"],
        ["Clients"] = ["Platform"],
        ["Admin"] = Everything,
        ["Platform"] = [],
    };

    [Fact]
    public void Each_folder_uses_only_the_folders_below_it()
    {
        var violations = from folder in MayUse.Keys
                         from file in Source.Files($"{Server}/{folder}", ".cs", ".cshtml")
                         from Match used in OwnNamespace().Matches(Source.Read(file))
                         let target = used.Groups[1].Value
                         where MayUse.ContainsKey(target) && target != folder && !MayUse[folder].Contains(target)
                         select $"{file} -> {target}";

        Violations.None(violations);
    }

    [Fact]
    public void Every_folder_of_the_server_has_its_place_in_the_table()
    {
        var folders = Source.Files(Server, ".cs", ".cshtml").Where(file => file.Count(c => c == '/') > 1).Select(file => file.Split('/')[1]).Distinct();

        Violations.None(folders.Except(MayUse.Keys).Except(["Properties", "wwwroot"]));
    }

    [Theory]
    [InlineData(Server)]
    [InlineData("NotificationServer.Tests")]
    [InlineData("NotificationServer.Simulator")]
    [InlineData("NotificationServer.Benchmarks")]
    public void A_namespace_is_the_path_of_its_file(string project)
    {
        var violations = from file in Source.Files(project, ".cs")
                         let declared = Declared().Match(Source.Read(file))
                         where declared.Success && declared.Groups[1].Value != Path.GetDirectoryName(file)!.Replace('\\', '/').Replace('/', '.') // has a folder
                         select $"{file}: {declared.Groups[1].Value}";

        Violations.None(violations);
    }

    [Fact]
    public void A_type_is_found_in_a_file_of_the_server_that_declares_a_namespace()
    {
        var without = Source.Files(Server, ".cs").Where(file => !file.EndsWith("/Program.cs", StringComparison.Ordinal) && !Declared().IsMatch(Source.Read(file)));

        Violations.None(without);
    }

    [Theory]
    [InlineData(Server, ".cs", 300)]
    [InlineData("NotificationServer.Simulator", ".cs", 300)]
    [InlineData("NotificationServer.Benchmarks", ".cs", 300)]
    [InlineData("NotificationServer.Tests", ".cs", 500)]
    [InlineData(Server, ".cshtml", 120)]
    public void A_file_that_is_too_long_has_two_subjects(string project, string extension, int limit)
    {
        var violations = from file in Source.Files(project, extension)
                         let lines = Source.Lines(file)
                         where lines > limit
                         select $"{file}: {lines} lines, limit {limit}";

        Violations.None(violations);
    }

    // In usings, in qualified names, and in a view's @using or @model alike. Strings that only look like it do not occur in practice.
    [GeneratedRegex(@"\bNotificationServer\.(\w+)")]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
