using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Delivery.Links;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Links;
using NotificationServer.Templates;

namespace NotificationServer.Delivery;

/// Puts the words and the address together into what a provider is given.
internal sealed class Composer(TemplateCatalog templates, PersonalLinks links, LinkTracker tracker, RecipientReader recipients)
{
    private static readonly Dictionary<string, string> NoLinks = [];
    private static readonly JsonElement NoData = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    /// For somebody of ours to look at: the same words, with example links in place of the person's own, and none that tell when they
    /// are followed.
    public async ValueTask<RenderResult> LookAsync(Brief brief, CancellationToken ct)
    {
        var known = brief is { WantsPerson: true, UserId: { } user } ? await recipients.ReadProfilesAsync([user], ct) : null;
        var person = known?.Values.FirstOrDefault() is { } own ? PersonValues.Of(own.Id, own.Locale, own.TimeZone, own.Country, own.Attributes) : PersonValues.Nobody;
        return await WordsAsync(brief, brief.WantsPerson ? person : null, null, LinkVariables.Examples, ct);
    }

    /// Person: what the words may know of whom they go to, where they speak of anybody. Without a message the result says why.
    public async ValueTask<(OutboundMessage? Message, RenderResult Words)> ComposeAsync(Brief brief, PersonValues? person, CancellationToken ct)
    {
        // No marketing mail without a way out: RFC 8058 wants it in the header, and so does whoever reads it.
        var unsubscribe = NeedsWayOut(brief) ? links.Unsubscribe(LinkOf(brief)) : null;
        if (unsubscribe is null && NeedsWayOut(brief)) return (null, RenderResult.Failed(PersonalLinks.NoAddress));
        var words = await WordsAsync(brief, person, unsubscribe, null, ct);
        if (!words.Succeeded) return (null, words);
        var content = await tracker.ApplyAsync(brief, words.Content, ct);
        return (brief.Channel.Family() switch
        {
            ChannelFamily.Push => Push(brief, content),
            ChannelFamily.Sms => new SmsMessage { Id = brief.Job.Id, Channel = brief.Channel, ExpiresAt = brief.Job.ExpiresAt, To = brief.Address, Text = content.Text ?? "" },
            ChannelFamily.Email => Email(brief, content, unsubscribe),
        }, words);
    }

    private async ValueTask<RenderResult> WordsAsync(
        Brief brief, PersonValues? person, string? unsubscribe, IReadOnlyDictionary<string, string>? examples, CancellationToken ct)
    {
        if (brief.Template is null || brief.TemplateVersion is not { } version)
            return brief.Payload.Content is { } content ? RenderResult.Of(content) : RenderResult.Failed("The notification has no content.");
        var template = await templates.FindPinnedAsync(brief.Template, version, ct);
        if (template is null) return RenderResult.Failed($"Version {version} of template {brief.Template} is gone.");
        var own = !template.WantsLinks(brief.Channel.Family()) ? NoLinks : examples ?? LinksOf(brief, unsubscribe);
        if (own is null) return RenderResult.Failed(PersonalLinks.NoAddress);
        return template.Render(brief.Channel.Family(), brief.Payload.Data ?? NoData, new RenderSetting(brief.Locale, brief.TimeZone, own) { Person = person });
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
