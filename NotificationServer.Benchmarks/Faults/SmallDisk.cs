using NotificationServer.Platform;

namespace NotificationServer.Benchmarks.Faults;

/// A disk in memory, small enough to be filled. Only root may mount one.
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// Null where it cannot be had.
    public static async Task<SmallDisk?> MountAsync(CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return null;
        var folder = Directory.CreateTempSubdirectory("ns_disk_").FullName;
        var mounted = await Subprocess.RunAsync(["mount", "-t", "tmpfs", "-o", "size=260m,mode=755", "tmpfs", folder], ct);
        if (mounted.Succeeded) return new SmallDisk(folder);
        Directory.Delete(folder);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await Subprocess.RunAsync(["umount", "-l", Folder], CancellationToken.None);
        Directory.Delete(Folder);
    }
}
