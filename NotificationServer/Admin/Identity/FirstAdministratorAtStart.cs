using System.Security.Cryptography;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Identity;

/// While nobody administers this server: in Development it makes an account and says how to sign in; elsewhere it prints a
/// token with which one person can make theirs.
internal sealed class FirstAdministratorAtStart(
    IServiceScopeFactory scopes, IHostEnvironment environment, DevelopmentFile file, ILogger<FirstAdministratorAtStart> log) : IHostedService
{
    private const string DevelopmentEmail = "admin@localhost.localdomain";

    public async Task StartAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var first = scope.ServiceProvider.GetRequiredService<FirstAdministrator>();
        if (!await first.IsMissingAsync(ct)) return;

        if (environment.IsDevelopment()) await CreateAsync(first, ct);
        else Log.SetupToken(log, await first.IssueTokenAsync(ct));
    }

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    private async Task CreateAsync(FirstAdministrator first, CancellationToken ct)
    {
        var password = Password();
        var created = await first.CreateAsync(DevelopmentEmail, password, token: null, ct);
        if (!created.Succeeded) return;                  // another node that starts beside us was faster

        file.Set("NS_ADMIN_EMAIL", DevelopmentEmail);
        file.Set("NS_ADMIN_PASSWORD", password);
    }

    /// 120 bits in groups that can be read aloud.
    private static string Password() =>
        string.Join('-', Enumerable.Range(0, 6).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 4)));
}
