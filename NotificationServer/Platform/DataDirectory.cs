namespace NotificationServer.Platform;

/// Where this server keeps what is not in the database: its own PostgreSQL, dev.env, development secrets.
internal sealed class DataDirectory(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// NS_DATA_DIR, else `.data` beside the solution, else `.data` here.
    public static DataDirectory For(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration["NS_DATA_DIR"] is { Length: > 0 } chosen)
            return new DataDirectory(chosen);

        for (var folder = new DirectoryInfo(environment.ContentRootPath); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "NotificationServer.sln")))
                return new DataDirectory(System.IO.Path.Combine(folder.FullName, ".data"));
        }

        return new DataDirectory(".data");
    }

    public string Locate(string name) => System.IO.Path.Combine(Path, name);

    /// Readable by its owner alone, and never half written: a reader sees the old file or the new one.
    public void WriteSecretly(string name, string text) => File.Move(Draft(name, text), Locate(name), overwrite: true);

    /// The same, but the first of two processes wins and what is there stays.
    public void WriteOnceSecretly(string name, string text)
    {
        // A rename that refuses to replace looks first and moves then; two processes can both have looked.
        using var alone = Exclusively(name);
        if (!File.Exists(Locate(name)))
            WriteSecretly(name, text);
    }

    private FileStream Exclusively(string name)
    {
        var file = $"{Locate(name)}.lock";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!); // it is below Path
        FileStream? held = null;
        var got = SpinWait.SpinUntil(() => TryLock(file, out held), TimeSpan.FromSeconds(10));
        return got && held is not null ? held : throw new StartupException($"{file} stays locked by another process");
    }

    private static bool TryLock(string file, out FileStream? held)
    {
        held = null;
        try
        {
            held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            // Another process is at it; it takes no longer than writing a line.
            return false;
        }
    }

    private string Draft(string name, string text)
    {
        var draft = $"{Locate(name)}.{Guid.CreateVersion7():N}.new";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(draft)!); // it is below Path

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var stream = new FileStream(draft, options);
        using var writer = new StreamWriter(stream);
        writer.Write(text);
        writer.Flush();
        stream.Flush(flushToDisk: true);
        return draft;
    }
}
