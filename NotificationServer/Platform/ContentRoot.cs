using Microsoft.Extensions.FileProviders;

namespace NotificationServer.Platform;

/// The server's own files (appsettings.json, wwwroot) lie beside its dll, wherever it is started from.
internal static class ContentRoot
{
    public static void Settle(WebApplicationBuilder builder)
    {
        var environment = builder.Environment;
        var home = AppContext.BaseDirectory;
        if (File.Exists(Path.Combine(environment.ContentRootPath, "appsettings.json")) || !File.Exists(Path.Combine(home, "appsettings.json")))
            return;

        environment.ContentRootPath = home;
        environment.ContentRootFileProvider = new PhysicalFileProvider(home);
        builder.Services.AddSingleton<IHostEnvironment>(environment); // the host's own copy still names the old place
        if (Directory.Exists(Path.Combine(home, "wwwroot")))
        {
            environment.WebRootPath = Path.Combine(home, "wwwroot");
            environment.WebRootFileProvider = new PhysicalFileProvider(environment.WebRootPath);
        }

        // First, so that everything else (environment, command line) still overrides it.
        var files = new ConfigurationBuilder()
            .AddJsonFile(environment.ContentRootFileProvider, "appsettings.json", optional: false, reloadOnChange: false)
            .AddJsonFile(environment.ContentRootFileProvider, $"appsettings.{environment.EnvironmentName}.json", optional: true, reloadOnChange: false);
        foreach (var source in files.Sources.Reverse())
            builder.Configuration.Sources.Insert(0, source);
    }
}
