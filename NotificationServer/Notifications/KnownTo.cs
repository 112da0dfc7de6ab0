using NotificationServer.Recipients;

namespace NotificationServer.Notifications;

/// One read for all the people that any number of requests name.
internal static class KnownTo
{
    public static Task<KnownRecipients> ReadAsync(RecipientReader recipients, IReadOnlyList<PreparedRequest> requests, CancellationToken ct)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            foreach (var to in request.Request.To)
            {
                if (to.UserId is not null) users.Add(to.UserId);
                if (to.Email is not null) addresses.Add(to.Email);
                if (to.Phone is not null) addresses.Add(to.Phone);
            }
        }
        return recipients.ReadAsync(users, addresses, ct);
    }
}
