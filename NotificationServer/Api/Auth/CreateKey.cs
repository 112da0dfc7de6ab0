using System.Globalization;
using Microsoft.Extensions.Options;
using NotificationServer.Clients;
using NotificationServer.Platform;

namespace NotificationServer.Api.Auth;

/// `create-key --client NAME --scopes a,b [--days N] [--test]`: how an installation gets its first key, and any key where nobody clicks.
internal sealed record CreateKey(string Client, IReadOnlyList<string> Scopes, int? Days, bool Sandbox)
{
    private const string Usage = "create-key --client NAME --scopes a,b [--days N] [--test]";
    private const int MaxClient = 100;

    public static void RunAndExit(WebApplication app)
    {
        RunAsync(app, Parse(Environment.GetCommandLineArgs()[1..])).GetAwaiter().GetResult();
        Environment.Exit(0);
    }

    public static CreateKey Parse(IReadOnlyList<string> arguments)
    {
        var client = Value(arguments, "--client");
        var scopes = Value(arguments, "--scopes")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (client is not { Length: > 0 and <= MaxClient } || client.StartsWith("--", StringComparison.Ordinal) || scopes is not { Length: > 0 })
            throw new StartupException($"Say for whom and for what: {Usage}");
        if (scopes.Except(Auth.Scopes.All).FirstOrDefault() is { } unknown)
            throw new StartupException($"There is no scope '{unknown}'. There are {string.Join(", ", Auth.Scopes.All)}.");

        var days = Value(arguments, "--days");
        var number = int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 3660 ? n : (int?)null;
        if (days is not null && number is null)
            throw new StartupException($"'{days}' is not a number of days from 1 to 3660: {Usage}");
        return new CreateKey(client, scopes.Distinct().ToArray(), number, arguments.Contains("--test"));
    }

    private static async Task RunAsync(WebApplication app, CreateKey wish)
    {
        await using var disposed = app; // stops our own PostgreSQL
        var services = app.Services;
        services.GetRequiredService<IStartupValidator>().Validate();
        await services.GetRequiredService<DatabaseStartup>().StartAsync(CancellationToken.None);

        var end = wish.Days is { } days ? services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(days) : (DateTimeOffset?)null;
        var key = await services.GetRequiredService<ApiKeyStore>()
            .IssueAsync(new KeyOrder(wish.Client, "command line", wish.Scopes) { Sandbox = wish.Sandbox, ExpiresAt = end, Actor = "command line" }, CancellationToken.None);
        Console.WriteLine(key.Reveal());
    }

    private static string? Value(IReadOnlyList<string> arguments, string name)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == name)
                return i + 1 < arguments.Count ? arguments[i + 1] : "";
            if (arguments[i].StartsWith(name + "=", StringComparison.Ordinal))
                return arguments[i][(name.Length + 1)..];
        }

        return null;
    }
}
