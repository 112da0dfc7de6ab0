using System.Globalization;
using System.Text;
using NotificationServer.Benchmarks.Parts;

namespace NotificationServer.Benchmarks.Day;

/// What is sent, of 10 million pushes, a million texts and 5 million mails a day: which channel and which lane the n-th has.
internal static class DayMix
{
    // Of a thousand that services send; what the campaigns bring makes up the rest of the day's pushes and mails.
    private const int Texts = 89, Codes = 45, Mails = 304;

    private static readonly string[] Devices = ["ios_push", "android_push", "ios_push", "android_push", "ios_push", "android_push", "ios_push", "android_push", "android_push", "web_push"];

    public static string Single(int number)
    {
        // Spread by a step that shares no factor with a thousand, so that every second has its share of everything.
        var place = (int)((long)number * 617 % 1000);
        var (channel, category) = place switch
        {
            < Codes => ("sms", "security"),
            < Texts => ("sms", "orders"),
            < Texts + Mails => ("email", "orders"),
            < Texts + Mails + 30 => (Device(number), "security"),
            _ => (Device(number), "orders"),
        };
        return Body($"day:{number}", channel, category, number);
    }

    public static string Batch(string campaign, string? channel, int first, int size)
    {
        var body = new StringBuilder("""{"items":[""");
        for (var n = first; n < first + size; n++)
            body.Append(n == first ? "" : ",").Append(Body($"{campaign}:{n}", channel ?? Device(n), "offers", n));
        return body.Append("]}").ToString();
    }

    private static string Device(int number) => Devices[number % Devices.Length];

    private static string Body(string name, string channel, string category, int number)
    {
        var content = channel switch
        {
            "sms" => """{"text":"Your order leaves today."}""",
            "email" => """{"subject":"Order shipped","text":"Your order leaves today.","html":"<p>Your order leaves <b>today</b>.</p>"}""",
            _ => """{"title":"Order shipped","body":"It leaves today"}""",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $$"""{"event_id":"{{name}}","to":[{"user_id":"{{Crowd.User(number * 7919L)}}"}],"channels":["{{channel}}"],"category":"{{category}}","content":{{content}}}""");
    }
}
