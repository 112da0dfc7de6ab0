using Microsoft.Playwright;

namespace NotificationServer.Tests.Browser;

/// The windows that pages are looked at in: the widest in light and the narrowest in dark. With NS_SCREENSHOTS set to a folder
/// (`./test screenshots`) in every width and both themes, and pictures are left there.
public sealed class Looks : TheoryData<int, ColorScheme>
{
    public Looks()
    {
        Add(1440, ColorScheme.Light);
        Add(400, ColorScheme.Dark);
        if (Folder is null) return;
        Add(1440, ColorScheme.Dark);
        Add(900, ColorScheme.Light);
        Add(900, ColorScheme.Dark);
        Add(400, ColorScheme.Light);
    }

    public static string? Folder => Environment.GetEnvironmentVariable("NS_SCREENSHOTS");
}
