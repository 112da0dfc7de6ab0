using System.Threading.Channels;
using Npgsql;

namespace NotificationServer.Admin.Identity.People;

/// Who forgot their password gets the same answer in the same time, whether there is such an account or not: what follows happens here,
/// behind the answer. A request that is lost with this process is asked again.
internal sealed class ForgottenPasswords(IServiceScopeFactory scopes, StaffMail mail, StaffLinks links, ILogger<ForgottenPasswords> log) : BackgroundService
{
    private readonly Channel<string> asked = Channel.CreateBounded<string>(new BoundedChannelOptions(200) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ask(string email) => asked.Writer.TryWrite(email);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var email in asked.Reader.ReadAllAsync(stoppingToken)) await AnswerAsync(email, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Whoever is still waiting asks again.
        }
    }

    private async Task AnswerAsync(string email, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (!mail.CanSend || links.Base is not { } at) return;
            if (await scope.ServiceProvider.GetRequiredService<PasswordResets>().AskAsync(email, ct) is not { } token) return;
            await mail.SendAsync(email, "Choose a new password", Letter(StaffLinks.Reset(at, token), links.ResetTime), ct);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException) // EF wraps the first in the second
        {
            Log.ForgottenPasswordFailed(log, e);
        }
    }

    private static string Letter(string link, string time) => $"""
        Somebody, probably you, asked for a new password for the notification server.

        {link}

        The link works once, for {time}. If it was not you, do nothing: your password stays as it is.
        """;
}
