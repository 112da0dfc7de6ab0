namespace NotificationServer.Tests.Support;

/// The data directory of a server in this process.
internal static class ServerFolder
{
    /// A server that is being stopped writes its last word, perhaps between the emptying of the folder and its end.
    public static Task DeleteAsync(string path) => Eventually.IsTrueAsync(() =>
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    });
}
