using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Links;
using NotificationServer.Templates;

namespace NotificationServer.Delivery;

/// Puts the words and the address together into what a provider is given.
internal sealed class Composer(TemplateCatalog templates, PersonalLinks links)
{
    private static readonly Dictionary<string, string> NoLinks = [];
    private static readonly JsonElement NoData = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    public async ValueTask<(OutboundMessage? Message, string? Error)> ComposeAsync(Brief brief, CancellationToken ct)
    {
        // No marketing mail without a way out: RFC 8058 wants it in the header, and so does whoever reads it.
        var unsubscribe = NeedsWayOut(brief) ? links.Unsubscribe(LinkOf(brief)) : null;
        if (unsubscribe is null && NeedsWayOut(brief)) return (null, PersonalLinks.NoAddress);
        var (content, error) = await WordsAsync(brief, unsubscribe, ct);
        return content is null ? (null, error) : (brief.Channel.Family() switch
        {
            ChannelFamily.Push => Push(brief, content),
            ChannelFamily.Sms => new SmsMessage { Id = brief.Job.Id, Channel = brief.Channel, ExpiresAt = brief.Job.ExpiresAt, To = brief.Address, Text = content.Text ?? "" },
            ChannelFamily.Email => Email(brief, content, unsubscribe),
        }, null);
    }

    private async ValueTask<(Content? Content, string? Error)> WordsAsync(Brief brief, string? unsubscribe, CancellationToken ct)
    {
        if (brief.Template is null || brief.TemplateVersion is not { } version) return (brief.Payload.Content, brief.Payload.Content is null ? "The notification has no content." : null);
        var template = await templates.FindPinnedAsync(brief.Template, version, ct);
        if (template is null) return (null, $"Version {version} of template {brief.Template} is gone.");
        var own = template.WantsLinks(brief.Channel.Family()) ? LinksOf(brief, unsubscribe) : NoLinks;
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
