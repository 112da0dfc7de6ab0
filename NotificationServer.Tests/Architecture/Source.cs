using System.Runtime.CompilerServices;

namespace NotificationServer.Tests.Architecture;

/// The repository as files on disk.
internal static class Source
{
    private static readonly string[] Built = ["bin", "obj", "node_modules", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// Paths relative to the root, with forward slashes; nothing that a build makes.
    public static IEnumerable<string> Files(string folder, params string[] extensions)
    {
        var start = Path.Combine(Root, folder);
        if (!Directory.Exists(start)) return [];
        return from file in Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories)
               let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
               let steps = path.Split('/')
               where extensions.Contains(Path.GetExtension(file)) && !steps.Any(step => Built.Contains(step) || step.StartsWith('.'))
               orderby path
               select path;
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static int Lines(string path) => File.ReadLines(Path.Combine(Root, path)).Count();

    // Where this file was compiled, else upwards from the test's binaries: one of the two is in the repository.
    private static string FindRoot([CallerFilePath] string here = "")
    {
        foreach (var start in new[] { Path.GetDirectoryName(here), AppContext.BaseDirectory })
            for (var at = start is null ? null : new DirectoryInfo(start); at is not null; at = at.Parent)
                if (File.Exists(Path.Combine(at.FullName, "NotificationServer.sln"))) return at.FullName;
        throw new InvalidOperationException("NotificationServer.sln is nowhere above the tests");
    }
}
