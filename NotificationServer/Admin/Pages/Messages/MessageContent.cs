using NotificationServer.Channels;
using NotificationServer.Channels.Sms;
using NotificationServer.Delivery;
using NotificationServer.Queue;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Admin.Pages.Messages;

/// The words of a message, made once more as the sender makes them: from what the notification keeps and the version that it was
/// accepted with. Its links lead nowhere, so that nobody here clicks, opens or unsubscribes in another person's name.
internal sealed class MessageContent(BriefReader briefs, Composer composer, TimeProvider clock)
{
    public async Task<ChannelPreview> OfAsync(MessageHead head, CancellationToken ct)
    {
        var family = head.IsPush ? ChannelFamily.Push : ChannelNames.Parse(head.Channel).Family();
        if (head.IsErased) return Nothing(family, "The person was erased, and the words with them.");
        if (!head.HasNotification) return Nothing(family, "Its words are no longer kept.");
        if (head.Address is null || head.Channel == "push") return Nothing(family, "It was never written: there was no address to send it to.");

        var brief = (await briefs.ReadAsync([new Job
        {
            Id = head.Id, Channel = head.Channel, Lane = (Lane)head.Lane, Attempt = 0, Failures = 0, Unknowns = 0, ExpiresAt = head.ExpiresAt,
            ClaimedAt = clock.GetUtcNow(), ClaimStarted = 0,
        }], ct))[0];
        var words = await composer.LookAsync(brief, ct);
        if (words.Content is not { } content) return Nothing(family, $"It cannot be shown: {words.ErrorMessage}");
        return new ChannelPreview(family)
        {
            Content = content,
            Locale = head.Locale,
            Sms = family == ChannelFamily.Sms ? SmsSegments.Of(content.Text ?? "") : null,
        };
    }

    private static ChannelPreview Nothing(ChannelFamily family, string problem) => new(family) { Problem = problem };
}
