using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Templates;

/// Short ways to a compiled template and to data.
internal static class Saying
{
    public static Template Sms(string body) => Of(new TemplateParts(Sms: new SmsPart(body)));
    public static Template Html(string html) => Of(new TemplateParts(Email: new EmailPart("s", Html: html)));
    public static Template Subject(string subject) => Of(new TemplateParts(Email: new EmailPart(subject, Text: "t")));
    public static Template Of(TemplateParts parts) => new("t", 1, null, new Wording(parts), TimeProvider.System);

    public static JsonElement Data(object data) => JsonSerializer.SerializeToElement(data);
    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public static string InSms(string body, object data) => Content(Sms(body).Render(ChannelFamily.Sms, Data(data))).Text!;
    public static string InHtml(string html, object data) => Content(Html(html).Render(ChannelFamily.Email, Data(data))).Html!;
    public static string InSubject(string subject, object data) => Content(Subject(subject).Render(ChannelFamily.Email, Data(data))).Subject!;

    public static IReadOnlyList<string> Refusals(string sms) => Codes(new TemplateParts(Sms: new SmsPart(sms)));
    public static IReadOnlyList<string> HtmlRefusals(string html) => Codes(new TemplateParts(Email: new EmailPart("s", Html: html)));

    private static IReadOnlyList<string> Codes(TemplateParts parts) => [.. new Wording(parts).CheckAll().Select(e => e.Code)];

    private static Content Content(RenderResult result) => result.Content ?? throw new InvalidOperationException(result.ErrorMessage);
}
