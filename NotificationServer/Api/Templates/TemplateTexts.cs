using System.ComponentModel;
using System.Text.Json;
using NotificationServer.Templates;

namespace NotificationServer.Api.Templates;

/// A version's words by channel, as callers send and get them. Each is a Handlebars text: `{{name}}`, `{{#if}}`, `{{#each}}`, `{{#with}}`.
public sealed record TemplateTexts(TemplateTexts.EmailTexts? Email = null, TemplateTexts.SmsTexts? Sms = null, TemplateTexts.PushTexts? Push = null)
{
    public sealed record EmailTexts(string? Subject = null, string? Html = null, string? Text = null);

    public sealed record SmsTexts(string? Body = null, [property: Description("Another name of body")] string? Text = null);

    public sealed record PushTexts(
        string? Title = null, string? Body = null,
        [property: Description("A JSON object handed to the app; its texts may hold variables too")] JsonElement? Data = null);

    internal TemplateParts ToParts() => new(
        Push is null ? null : new PushPart(Push.Title, Push.Body, Push.Data),
        Sms is null ? null : new SmsPart(Sms.Body ?? Sms.Text),
        Email is null ? null : new EmailPart(Email.Subject, Email.Html, Email.Text));

    internal static TemplateTexts Of(TemplateParts parts) => new(
        parts.Email is { } email ? new EmailTexts(email.Subject, email.Html, email.Text) : null,
        parts.Sms is { } sms ? new SmsTexts(sms.Body) : null,
        parts.Push is { } push ? new PushTexts(push.Title, push.Body, push.Data) : null);

    internal static IReadOnlyDictionary<string, TemplateTexts>? LocalesOf(TemplateParts parts) =>
        parts.Locales?.ToDictionary(one => one.Key, one => Of(one.Value));
}
