using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;

namespace NotificationServer.Notifications;

/// A request with everything looked up that does not depend on the people: what is left is who can be reached, and where.
internal sealed record PreparedRequest(
    NotificationRequest Request, byte[] Hash, CategoryRule Category, IReadOnlyList<Channel> Channels, int? TemplateVersion, string PayloadJson)
{
    public Lane Lane => Category.Class switch
    {
        MessageClass.Critical => Lane.Critical,
        MessageClass.Transactional => Lane.Transactional,
        MessageClass.Marketing => Lane.Bulk,
    };
}

/// What will be stored if nobody asked for the same before.
internal sealed record Decision(PreparedRequest Prepared, Guid Id, DateTimeOffset AcceptedAt, DateTimeOffset? ExpiresAt, IReadOnlyList<NewMessage> Messages)
{
    public const string NoProvider = "no_provider";

    public static Decision Of(PreparedRequest prepared, KnownRecipients known, ProviderRoutes routes)
    {
        var request = prepared.Request;
        // PostgreSQL's clock, not this node's: the id is also the day that the rows are kept under.
        var id = Guid.CreateVersion7(known.Now);
        var expiresAt = request.ExpiresAt ?? (request.SendAt ?? known.Now) + prepared.Category.ExpiresAfter;
        var messages = new List<NewMessage>(request.To.Count);
        // Named twice, or once by id and once by address: one person gets one message per address.
        var named = new HashSet<(string, string)>();
        foreach (var recipient in request.To.Distinct())
        {
            foreach (var target in ReachRules.Targets(recipient, prepared.Channels, prepared.Category, known))
            {
                if (target.Address is { } address && !named.Add((target.Channel, address))) continue;
                messages.Add(new NewMessage
                {
                    Id = PrefixedId.Create(known.Now, messages.Count),
                    NotificationId = id,
                    ClientId = request.ClientId,
                    UserId = recipient.UserId,
                    DeviceId = target.DeviceId,
                    Channel = target.Channel,
                    Lane = prepared.Lane,
                    Address = target.Address,
                    PushProvider = target.PushProvider,
                    AppId = target.AppId,
                    Locale = target.Locale,
                    Sandbox = request.Sandbox,
                    SuppressedBecause = target.Refusal ?? Unroutable(target, request.Sandbox, routes),
                    CreatedAt = known.Now,
                    SendAt = request.SendAt,
                    ExpiresAt = expiresAt,
                });
            }
        }
        return new Decision(prepared, id, known.Now, expiresAt, messages);
    }

    public AcceptedNotification ToAccepted() => new(Id, AcceptedAt, Prepared.Request.To.Count,
        Messages.Select(message => new AcceptedMessage(message.Id, message.UserId, message.Channel, InitialStatus(message), message.SuppressedBecause)).ToList());

    private string InitialStatus(NewMessage message) =>
        message.SuppressedBecause is not null ? "suppressed" : message.SendAt > AcceptedAt ? "scheduled" : "queued";

    private static string? Unroutable(Target target, bool sandbox, ProviderRoutes routes) =>
        routes.CanCarry(ChannelNames.Parse(target.Channel), target.PushProvider, sandbox) ? null : NoProvider;
}
