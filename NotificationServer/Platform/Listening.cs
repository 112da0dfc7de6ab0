using System.Globalization;

namespace NotificationServer.Platform;

/// Where the server listens: --port, NS_PORT, the usual ASPNETCORE_URLS and its like, else port 5080.
internal static class Listening
{
    private const int DefaultPort = 5080;

    private static readonly string[] ChosenElsewhere = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public static void Configure(WebApplicationBuilder builder, CommandLine line)
    {
        var port = line.Port ?? builder.Configuration["NS_PORT"];
        if (port is null && ChosenElsewhere.Any(key => builder.Configuration.GetSection(key).Exists()))
            return;

        // A development server shows its inbox and its key to whoever asks: only this machine may.
        var host = builder.Environment.IsDevelopment() ? "127.0.0.1" : "*";
        builder.WebHost.UseUrls($"http://{host}:{Number(port)}");
    }

    /// Where a server with this configuration is found from its own machine, over http; null: nowhere.
    public static Uri? Address(IConfiguration configuration, CommandLine line)
    {
        var port = line.Port ?? configuration["NS_PORT"];
        if (port is not null || !ChosenElsewhere.Any(key => configuration.GetSection(key).Exists()))
            return new Uri($"http://127.0.0.1:{Number(port)}/");

        // In the order in which the web server itself believes them.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]);
        var urls = endpoints.Concat(Words(configuration["urls"])).Concat(Words(configuration["http_ports"]).Select(number => $"http://*:{number}"));
        return urls.OfType<string>().Select(BindingAddress.Parse).Where(address => address.Scheme == "http").Select(Local).FirstOrDefault();
    }

    private static string[] Words(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri Local(BindingAddress address) =>
        new($"http://{(address.Host is "*" or "+" or "0.0.0.0" or "[::]" or "localhost" ? "127.0.0.1" : address.Host)}:{address.Port}/");

    private static int Number(string? port)
    {
        if (port is null)
            return DefaultPort;
        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new StartupException($"'{port}' is not a port: give a number from 0 to 65535 (0 = any free one).");
    }
}
