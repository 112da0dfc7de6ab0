using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Delivery.Links;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Links;
using NotificationServer.Templates;

namespace NotificationServer.Delivery;

/// Puts the words and the address together into what a provider is given.
internal sealed class Composer(TemplateCatalog templates, PersonalLinks links, LinkTracker tracker)
{
    private static readonly Dictionary<string, string> NoLinks = [];
    private static readonly JsonElement NoData = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    /// For somebody of ours to look at: the same words, with example links in place of the person's own, and none that tell when they
    /// are followed.
    public async ValueTask<(Content? Content, string? Error)> LookAsync(Brief brief, CancellationToken ct) => await WordsAsync(brief, null, LinkVariables.Examples, ct);

    public async ValueTask<(OutboundMessage? Message, string? Error)> ComposeAsync(Brief brief, CancellationToken ct)
    {
        // No marketing mail without a way out: RFC 8058 wants it in the header, and so does whoever reads it.
        var unsubscribe = NeedsWayOut(brief) ? links.Unsubscribe(LinkOf(brief)) : null;
        if (unsubscribe is null && NeedsWayOut(brief)) return (null, PersonalLinks.NoAddress);
        var (content, error) = await WordsAsync(brief, unsubscribe, null, ct);
        if (content is null) return (null, error);
        content = await tracker.ApplyAsync(brief, content, ct);
        return (brief.Channel.Family() switch
        {
            ChannelFamily.Push => Push(brief, content),
            ChannelFamily.Sms => new SmsMessage { Id = brief.Job.Id, Channel = brief.Channel, ExpiresAt = brief.Job.ExpiresAt, To = brief.Address, Text = content.Text ?? "" },
            ChannelFamily.Email => Email(brief, content, unsubscribe),
        }, null);
    }

    private async ValueTask<(Content? Content, string? Error)> WordsAsync(
        Brief brief, string? unsubscribe, IReadOnlyDictionary<string, string>? examples, CancellationToken ct)
    {
        if (brief.Template is null || brief.TemplateVersion is not { } version) return (brief.Payload.Content, brief.Payload.Content is null ? "The notification has no content." : null);
        var template = await templates.FindPinnedAsync(brief.Template, version, ct);
        if (template is null) return (null, $"Version {version} of template {brief.Template} is gone.");
        var own = !template.WantsLinks(brief.Channel.Family()) ? NoLinks : examples ?? LinksOf(brief, unsubscribe);
        if (own is null) return (null, PersonalLinks.NoAddress);
        var rendered = template.Render(brief.Channel.Family(), brief.Payload.Data ?? NoData, new RenderSetting(brief.Locale, brief.TimeZone, own));
        return rendered.Succeeded ? (rendered.Content, null) : (null, rendered.ErrorMessage);
    }

    private static bool NeedsWayOut(Brief brief) => brief.Channel == Channel.Email && brief.Category.Class == MessageClass.Marketing;

    private static PersonalLink LinkOf(Brief brief) => new()
    {
        UserId = brief.UserId,
        Address = brief.UserId is null ? brief.Address : null,
        Channel = brief.Channel.Family().Name(),
        Category = brief.Category.Key,
        Locale = brief.Locale,
        MessageId = brief.Job.Id,
    };

    /// Null: nobody said where people reach this server.
    private Dictionary<string, string>? LinksOf(Brief brief, string? unsubscribe)
    {
        var link = LinkOf(brief);
        unsubscribe ??= links.Unsubscribe(link);
        return unsubscribe is not null && links.Preferences(link) is { } preferences
            ? new Dictionary<string, string> { [LinkVariables.Unsubscribe] = unsubscribe, [LinkVariables.Preferences] = preferences } : null;
    }

    private static PushMessage Push(Brief brief, Content content) => new()
    {
        Id = brief.Job.Id,
        Channel = brief.Channel,
        ExpiresAt = brief.Job.ExpiresAt,
        Token = brief.Address,
        PushProvider = brief.PushProvider ?? "",
        AppId = brief.AppId,
        Title = content.Title,
        Body = content.Body,
        Data = content.Data,
        Badge = brief.Payload.Push?.Badge,
        Sound = brief.Payload.Push?.Sound,
        TimeToLive = brief.Payload.Push?.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        CollapseKey = brief.Payload.CollapseKey,
        Urgent = brief.Job.Lane != Lane.Bulk,
    };

    private static EmailMessage Email(Brief brief, Content content, string? unsubscribe) => new()
    {
        Id = brief.Job.Id,
        Channel = brief.Channel,
        ExpiresAt = brief.Job.ExpiresAt,
        To = brief.Address,
        Subject = content.Subject ?? "",
        Text = content.Text,
        Html = content.Html,
        From = brief.Payload.Email?.From,
        FromName = brief.Payload.Email?.FromName,
        ReplyTo = brief.Payload.Email?.ReplyTo,
        Unsubscribe = unsubscribe,
    };
}
