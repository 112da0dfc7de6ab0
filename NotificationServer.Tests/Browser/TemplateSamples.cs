using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Templates;

namespace NotificationServer.Tests.Browser;

/// What a marketing team has written: several channels and scripts, drafts, and things to mend.
internal static class TemplateSamples
{
    public const string Mail = """
        <!doctype html>
        <html>
        <body style="margin:0;background:#f3f4f6;font-family:Arial,sans-serif">
          <table role="presentation" width="100%"><tr><td align="center" style="padding:24px 12px">
            <table role="presentation" style="width:100%;max-width:560px;background:#fff;border-radius:8px">
              <tr><td style="padding:32px">
                <h1 style="margin:0 0 16px;font-size:22px">Good news, {{name}}!</h1>
                <p style="line-height:1.5">Your order <b>{{order_no}}</b> left our warehouse this morning and arrives on {{day}}.</p>
                {{#each items}}
                <p style="margin:8px 0;padding:12px;background:#f3f4f6;border-radius:6px">{{title}}</p>
                {{/each}}
                <p><a href="{{track_url}}" style="display:inline-block;background:#3b5bdb;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none">Track the parcel</a></p>
                <p style="color:#6b7280;font-size:12px">You get this because you ordered from us. <a href="{{preferences_url}}">Choose what we send you</a></p>
              </td></tr>
            </table>
          </td></tr></table>
        </body>
        </html>
        """;

    private const string Data = """{"name":"Ada Lovelace","order_no":"1234-5678","day":"Tuesday","track_url":"https://shop.ch/track/1234","items":[{"title":"Desk lamp, blue"},{"title":"Tee aus Assam, 250 g"}]}""";

    private static readonly TemplateParts Shipped = new(
        new PushPart("On its way 📦", "{{order_no}} arrives on {{day}}. Tap to follow it.", JsonSerializer.Deserialize<JsonElement>("""{"screen":"order","order_no":"{{order_no}}"}""")),
        new SmsPart("Hi {{name}}, your order {{order_no}} is on its way and arrives on {{day}}. Track it: {{track_url}}"),
        new EmailPart("Your order {{order_no}} is on its way", Mail, "Good news, {{name}}!\n\nYour order {{order_no}} arrives on {{day}}.\n\n{{track_url}}\n\nWhat we send you: {{preferences_url}}"))
    {
        DefaultLocale = "en",
        Locales = new Dictionary<string, TemplateParts>
        {
            ["de"] = new(new PushPart("Unterwegs", "{{order_no}} kommt am {{day}} an."), new SmsPart("Hallo {{name}}, Ihre Bestellung {{order_no}} kommt am {{day}} – verfolgen: {{track_url}}"),
                new EmailPart("Ihre Bestellung {{order_no}} ist unterwegs", Mail.Replace("Good news", "Gute Nachrichten", StringComparison.Ordinal), "Gute Nachrichten, {{name}}!\n\n{{order_no}} kommt am {{day}} an.\n\n{{track_url}}")),
            ["ja"] = new(new PushPart("発送しました", "ご注文 {{order_no}} は {{day}} に届きます。"), new SmsPart("{{name}} 様、ご注文 {{order_no}} を発送しました。{{track_url}}")),
            ["ar"] = new(new PushPart("طلبك في الطريق", "يصل الطلب {{order_no}} يوم {{day}}."), new SmsPart("مرحبا {{name}}، طلبك {{order_no}} في الطريق. {{track_url}}")),
        },
    };

    public static async Task IntoAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<TemplateStore>();
        const string ada = "staff:ada@example.org";
        async Task Add(string key, string name, string? category, TemplateParts parts, bool publish, string? data = Data) =>
            await store.CreateAsync(key, name, category, new VersionSource(parts, null, data is null ? null : JsonSerializer.Deserialize<JsonElement>(data)), ada, default, publish);

        await Add("order-shipped", "Order shipped", "orders", Shipped, publish: true);
        await store.AddVersionAsync("order-shipped", new VersionSource(Shipped with
        {
            Sms = new SmsPart("Hi {{name}} – your order {{order_no}} is on its way and arrives on {{day}}. Don’t be out! Track it: {{track_url}}"),
            Email = new EmailPart("Your order {{order_no}} is on its way", Mail.Replace("<td style=\"padding:32px\">", "<td style=\"padding:32px\"><img src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\" width=\"96\">", StringComparison.Ordinal), "Good news, {{name}}!\n\nYour order {{order_no}} arrives on {{day}}."),
        }, null, JsonSerializer.Deserialize<JsonElement>(Data)), "staff:mia@example.org", default);
        await Add("black-friday", "Black Friday: everything at half price, for three days only, in every shop and online", "offers",
            new TemplateParts(new PushPart("Half price", "Until Sunday"), Email: new EmailPart("Half price", "<p>Buy now</p><a href=\"/sale\">Shop</a><a href=\"https://example.com\">More</a>")), publish: false, """{"frist_name":"Ada"}""");
        await Add("sign-in-code", "Anmeldecode", "security", new TemplateParts(Sms: new SmsPart("Ihr Code lautet {{code}}. Geben Sie ihn niemandem weiter.")), publish: true, """{"code":"493 027"}""");
        await Add("welcome-ko", "환영합니다", "account", new TemplateParts(Email: new EmailPart("환영합니다, {{name}} 님", Text: "가입해 주셔서 감사합니다.\n{{unsubscribe_url}}")), publish: true);
        await Add("back-in-stock", "Back in stock", "offers", new TemplateParts(new PushPart("Back in stock", "The {{product}} you looked at is here again.")), publish: true, """{"product":"blue lamp"}""");
        await Add("summer-2024", "Summer sale 2024", "offers", new TemplateParts(Sms: new SmsPart("Summer sale: everything at half price. {{unsubscribe_url}}")), publish: true);
        await store.ArchiveAsync("summer-2024", archived: true, revision: null, ada, default);
    }
}
