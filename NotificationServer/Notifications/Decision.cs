using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Notifications;

/// A request with everything looked up that does not depend on the people: what is left is who can be reached, and where.
internal sealed record PreparedRequest(
    NotificationRequest Request, CategoryRule Category, IReadOnlyList<Channel> Channels, Template? Template, string PayloadJson)
{
    private byte[]? hash;

    public int? TemplateVersion => Template?.Version;

    /// Made when it is first asked for: only what can be repeated is compared.
    public byte[] Hash => hash ??= RequestHash.Of(Request);

    public DateTimeOffset? ExpiryFrom(DateTimeOffset now) => Request.ExpiresAt ?? (Request.SendAt ?? now) + Category.ExpiresAfter;

    public Lane Lane => Request.CampaignRunId is not null ? Lane.Bulk : Category.Class switch
    {
        MessageClass.Critical => Lane.Critical,
        MessageClass.Transactional => Lane.Transactional,
        MessageClass.Marketing => Lane.Bulk,
    };
}

/// What will be stored if nobody asked for the same before.
internal sealed record Decision(PreparedRequest Prepared, Guid Id, DateTimeOffset AcceptedAt, DateTimeOffset? ExpiresAt, IReadOnlyList<NewMessage> Messages)
{
    /// Place: how many requests, and how many messages, were decided before it at the same moment; ids keep that order.
    public static Decision Of(PreparedRequest prepared, KnownRecipients known, ProviderRoutes routes, (int Request, int Message) place)
    {
        var request = prepared.Request;
        // PostgreSQL's clock, not this node's: the id is also the day that the rows are kept under.
        var id = PrefixedId.Create(known.Now, place.Request);
        var expiresAt = prepared.ExpiryFrom(known.Now);
        var messages = new List<NewMessage>(request.To.Count);
        foreach (var (recipient, target) in Targets(prepared, known, routes))
        {
            messages.Add(new NewMessage
            {
                Id = PrefixedId.Create(known.Now, place.Message + messages.Count),
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
                TimeZone = prepared.Template is null ? null : target.TimeZone,
                Sandbox = request.Sandbox,
                Template = request.Template,
                TemplateVersion = prepared.TemplateVersion,
                SuppressedBecause = target.Refusals.First(),
                ConsentId = target.ConsentId,
                CreatedAt = known.Now,
                SendAt = target.NotBefore ?? request.SendAt,
                ExpiresAt = expiresAt,
                CampaignRunId = request.CampaignRunId,
            });
        }
        return new Decision(prepared, id, known.Now, expiresAt, messages);
    }

    /// All at once, in their order.
    public static List<Decision> OfAll(IReadOnlyList<PreparedRequest> requests, KnownRecipients known, ProviderRoutes routes)
    {
        var decisions = new List<Decision>(requests.Count);
        var messages = 0;
        foreach (var request in requests)
        {
            var decision = Of(request, known, routes, (decisions.Count, messages));
            messages += decision.Messages.Count;
            decisions.Add(decision);
        }
        return decisions;
    }

    /// Every message that would be, with every rule that keeps it from going: what is stored and what is explained are both this.
    public static IEnumerable<(RecipientReference Recipient, Target Target)> Targets(PreparedRequest prepared, KnownRecipients known, ProviderRoutes routes)
    {
        var to = prepared.Request.To;
        // Named twice, or once by id and once by address: one person gets one message per address. A campaign names each person once, and
        // two who share an address may as well be in two batches.
        var isOnce = to.Count == 1 || prepared.Request.CampaignRunId is not null;
        var named = isOnce ? null : new HashSet<(string, string)>();
        foreach (var recipient in isOnce ? to : to.Distinct())
        {
            foreach (var target in ReachRules.Targets(recipient, prepared.Channels, prepared.Category, known))
            {
                if (named is not null && target.Address is { } address && !named.Add((target.Channel, address))) continue;
                // Where nobody can be reached at all, nobody need carry it.
                var routable = target.Channel == ChannelFamily.Push.Name()
                    || routes.CanCarry(QueryOf(prepared, recipient, target, ChannelNames.Parse(target.Channel), known));
                yield return (recipient, Timed(routable ? target : target with { Refusals = target.Refusals | Refusals.NoProvider }, recipient, prepared, known));
            }
        }
    }

    /// As at the moment of a send, but for the message's own id, which shares by weight go by.
    public static RouteQuery QueryOf(PreparedRequest prepared, RecipientReference recipient, in Target target, Channel channel, KnownRecipients known) =>
        new(channel, target.PushProvider)
        {
            Address = target.Address,
            AppId = target.AppId,
            UserCountry = recipient.UserId is { } id ? known.People.GetValueOrDefault(id)?.Country : null,
            Category = prepared.Category.Key.Length == 0 ? null : prepared.Category.Key,
            Template = prepared.Template?.Key,
            Sandbox = prepared.Request.Sandbox,
            Pinned = channel == Channel.Email ? prepared.Request.Payload.Email?.Provider : null,
        };

    /// A due time that falls into the person's quiet hours.
    private static Target Timed(Target target, RecipientReference recipient, PreparedRequest prepared, KnownRecipients known)
    {
        if (recipient.UserId is null || !known.People.TryGetValue(recipient.UserId, out var person) || person.Quiet is null) return target;
        var request = prepared.Request;
        var due = request.SendAt is { } at && at > known.Now ? at : known.Now;
        var quiet = QuietRules.Of(person, prepared.Category, request.Payload.RespectQuietHours ?? true, due, prepared.ExpiryFrom(known.Now));
        return quiet.Refused ? target with { Refusals = target.Refusals | Refusals.QuietHoursExpired } : target with { NotBefore = quiet.Until };
    }

    public AcceptedNotification ToAccepted() => new(Id, AcceptedAt, Prepared.Request.To.Count,
        Messages.Select(message => new AcceptedMessage(message.Id, message.UserId, message.Channel, InitialStatus(message), message.SuppressedBecause)).ToList());

    private string InitialStatus(NewMessage message) =>
        message.SuppressedBecause is not null ? "suppressed" : message.SendAt > AcceptedAt ? "scheduled" : "queued";
}
