using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Queue;
using NotificationServer.Templates;

namespace NotificationServer.Delivery;

/// Puts the words and the address together into what a provider is given.
internal sealed class Composer(TemplateCatalog templates)
{
    private static readonly JsonElement NoData = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    public async ValueTask<(OutboundMessage? Message, string? Error)> ComposeAsync(Brief brief, CancellationToken ct)
    {
        var (content, error) = await WordsAsync(brief, ct);
        return content is null ? (null, error) : (brief.Channel.Family() switch
        {
            ChannelFamily.Push => Push(brief, content),
            ChannelFamily.Sms => new SmsMessage { Id = brief.Job.Id, Channel = brief.Channel, ExpiresAt = brief.Job.ExpiresAt, To = brief.Address, Text = content.Text ?? "" },
            ChannelFamily.Email => Email(brief, content),
        }, null);
    }

    private async ValueTask<(Content? Content, string? Error)> WordsAsync(Brief brief, CancellationToken ct)
    {
        if (brief.Template is null) return (brief.Payload.Content, brief.Payload.Content is null ? "The notification has no content." : null);
        var template = await templates.FindAsync(brief.Template, brief.TemplateVersion, ct);
        if (template is null) return (null, $"Version {brief.TemplateVersion} of template {brief.Template} is gone.");
        var rendered = template.Render(brief.Channel.Family(), brief.Payload.Data ?? NoData);
        return rendered.Succeeded ? (rendered.Content, null) : (null, rendered.ErrorMessage);
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

    private static EmailMessage Email(Brief brief, Content content) => new()
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
    };
}
