using System.Text;

namespace NotificationServer.Admin.Pages.Blocked;

/// A list that came as a file, as text. What is not UTF-8 in it becomes what no id and no address can hold, and is told as wrong.
internal static class UploadText
{
    /// Ten thousand of the longest addresses, written as a form writes them.
    public const long MostBytes = 4 * 1024 * 1024;

    /// Null: there was no file.
    public static async Task<string?> ReadAsync(IFormFile? file, CancellationToken ct)
    {
        if (file is null || file.Length == 0) return null;
        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(ct);
    }
}
