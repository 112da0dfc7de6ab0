using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;

namespace NotificationServer.Admin.Identity.People;

/// Mails to the people of the admin app go out at once, through the same accounts as everybody's, but not through the queue: what is
/// queued is kept and can be looked at, and a link that lets somebody in must not be.
internal sealed class StaffMail(ProviderRoutes routes, IHostEnvironment environment, ILogger<StaffMail> log)
{
    private const string Inbox = "inbox";

    public bool CanSend => routes.Of(new RouteQuery(Channel.Email, null)).Candidates is [var first, ..] && IsPrivate(first);

    public async Task<bool> SendAsync(string to, string subject, string text, CancellationToken ct)
    {
        var message = new EmailMessage { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = to, Subject = subject, Text = text };
        foreach (var account in routes.Of(new RouteQuery(Channel.Email, null) { Message = message.Id, Address = to }).Candidates.Where(IsPrivate))
        {
            var outcome = await routes.SendAsync(account, message, ct);
            if (outcome.Status == SendStatus.Accepted) return true;
            Log.StaffMailFailed(log, account.Key, outcome.Code, outcome.Detail);
            if (outcome.Status == SendStatus.Unknown) return false; // it may have arrived: never twice
        }
        return false;
    }

    // Everybody who signs in can read the inbox: that is for Development.
    private bool IsPrivate(ProviderAccount account) => account.Key != Inbox || environment.IsDevelopment();
}
