using NotificationServer.Channels;
using NotificationServer.Recipients;

namespace NotificationServer.Notifications;

/// One read for all the people that any number of requests name.
internal static class KnownTo
{
    public static Task<KnownRecipients> ReadAsync(RecipientReader recipients, IReadOnlyList<PreparedRequest> requests, CancellationToken ct)
    {
        var users = new HashSet<string>(StringComparer.Ordinal);
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        var pushes = new HashSet<(string, Channel)>();
        foreach (var request in requests)
        {
            foreach (var to in request.Request.To)
            {
                if (to.UserId is not null)
                {
                    users.Add(to.UserId);
                    foreach (var channel in request.Channels)
                        if (channel.Family() == ChannelFamily.Push) pushes.Add((to.UserId, channel));
                }
                if (to.Email is not null) addresses.Add(to.Email);
                if (to.Phone is not null) addresses.Add(to.Phone);
            }
        }
        return recipients.ReadAsync(users, addresses, pushes, ct);
    }
}
