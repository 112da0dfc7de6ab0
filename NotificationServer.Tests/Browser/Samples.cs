using Dapper;
using NotificationServer.Tests.Admin.Pages.Inbox;
using Npgsql;

namespace NotificationServer.Tests.Browser;

/// What a busy inbox holds: every channel, many scripts, long and short.
internal static class Samples
{
    private const string Mail = """
        <!doctype html><html><body style="margin:0;background:#f3f4f6;font-family:Arial,sans-serif">
        <table role="presentation" width="100%"><tr><td align="center" style="padding:32px 16px">
        <table role="presentation" width="520" style="max-width:100%;background:#fff;border-radius:8px;padding:32px">
        <tr><td><h1 style="margin:0 0 16px;font-size:22px">Your order is on its way</h1>
        <p style="line-height:1.5">Hello Ada,<br>the parcel left our warehouse this morning and arrives on Tuesday.</p>
        <p><a href="https://example.org/track/1234" style="display:inline-block;background:#111;color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none">Track the parcel</a></p>
        <img alt="" width="64" height="8" src="data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="></td></tr></table></td></tr></table></body></html>
        """;

    public static readonly Seed Push = new("ios_push", "740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad", "Parcel shipped",
        Text: "It arrives on Tuesday between 9 and 12.", Payload: """{"aps":{"alert":{"title":"Parcel shipped","body":"It arrives on Tuesday between 9 and 12."},"sound":"default","badge":1},"order_no":"1234"}""", SecondsAgo: 4);

    public static readonly Seed Sms = new("sms", "+41791234567", Text: "Ihr Code lautet 493 027. Geben Sie ihn niemandem weiter – auch uns nicht.", SecondsAgo: 65);

    public static readonly Seed Email = new("email", "ada@example.org", Subject: "Your order 1234 is on its way", Text: "Hello Ada,\n\nthe parcel left our warehouse this morning and arrives on Tuesday.\n\nhttps://example.org/track/1234",
        Html: Mail, Payload: """{"to":"ada@example.org","from":"shop@example.org","headers":{"List-Unsubscribe":"<https://example.org/u/1>"}}""", SecondsAgo: 140);

    private static readonly Seed[] All =
    [
        Push, Sms, Email,
        new("android_push", "cRk3Q2nXS0u:APA91bH7-long-token", "주문하신 상품이 발송되었습니다", Text: "화요일 오전에 도착할 예정입니다. 배송 조회는 앱에서 확인하세요.", SecondsAgo: 900),
        new("email", "layla@example.org", Subject: "تم شحن طلبك رقم ١٢٣٤ وسيصل يوم الثلاثاء", Text: "مرحبا ليلى،\n\nغادر الطرد مستودعنا هذا الصباح.", SecondsAgo: 3_700),
        new("web_push", "https://push.example.org/wpush/v2/gAAAAABkxyz", "🎉 Back in stock", Text: "The blue lamp you looked at 💡 is here again.", SecondsAgo: 7_400),
        new("email", "a.very.long.mailbox.name.that.somebody.really.has@department.subsidiary.corporation.example.org",
            Subject: "A subject that goes on far longer than anybody should write, because a template joined three of them and nobody looked at the result before it went out to everyone",
            Html: Mail, SecondsAgo: 90_000),
        new("sms", "+819012345678", Text: "ご注文の商品を発送しました。お届け予定日は火曜日です。", SecondsAgo: 180_000),
        new("ios_push", "short", Text: "No title, only a body", SecondsAgo: 2_000_000),
        new("sms", "+14155550100", Text: string.Concat(Enumerable.Repeat("Many words make many segments and each of them is paid for. ", 6)), SecondsAgo: 2_100_000),
    ];

    public static int Count => All.Length;

    public static async Task IntoAsync(NpgsqlDataSource db)
    {
        foreach (var sample in All) await sample.IntoAsync(db);
    }

    public static async Task OnlyIntoAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from inbox");
        await IntoAsync(db);
    }
}
