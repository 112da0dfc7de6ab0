namespace NotificationServer.Channels.Receipts;

/// Who opened or followed something, as far as anybody can tell. From the least to the most telling.
internal enum Engager
{
    Machine,
    Unknown,
    Human,
}

/// Tells people from machines by how they introduce themselves. docs/tracking.md says why, and by whose word. Most scanners pretend to be
/// browsers: what cannot be told here is told by when and how much they follow.
internal static class Engagers
{
    private static readonly string[] Machines =
    [
        // Gateways and filters that look at links before anybody may.
        "barracuda", "proofpoint", "mimecast", "ironport", "ciscosecureemail", "cloudmark", "messagelabs", "symantec", "trendmicro", "tmes", "fortimail", "fortiguard",
        "sophos", "f-secure", "forcepoint", "zscaler", "vadesecure", "hornetsecurity", "bitdefender", "kaspersky", "safelinks", "bingpreview", "googlesafety",
        // Previews of links that somebody passed on.
        "slackbot", "slack-imgproxy", "whatsapp", "telegrambot", "facebookexternalhit", "facebot", "twitterbot", "linkedinbot", "discordbot", "skypeuripreview",
        "msteams", "pinterest", "embedly", "iframely", "redditbot", "viber", "applebot",
        // Programs.
        "headlesschrome", "phantomjs", "puppeteer", "playwright", "selenium", "curl/", "wget/", "python-", "python/", "aiohttp", "go-http-client", "java/", "apache-httpclient",
        "okhttp", "libwww", "axios/", "node-fetch", "undici", "ruby", "perl", "php/", "guzzle", "winhttp", "scrapy", "bot/", "bot;", "crawler", "spider", "preview",
    ];

    /// Mail programs and the image proxies of mailboxes, which fetch when somebody looks.
    private static readonly string[] Readers = ["googleimageproxy", "yahoomailproxy", "thunderbird", "outlook", "microsoft office", "applemail", "airmail", "evolution"];

    public static Engager OfAgent(string? agent)
    {
        if (string.IsNullOrWhiteSpace(agent)) return Engager.Unknown;
        var name = agent.Trim();
        // Apple's privacy proxy says this much and no more; browsers go on with what they run on.
        if (name.Equals("Mozilla/5.0", StringComparison.Ordinal)) return Engager.Machine;
        if (Readers.Any(reader => name.Contains(reader, StringComparison.OrdinalIgnoreCase))) return Engager.Human;
        if (Machines.Any(machine => name.Contains(machine, StringComparison.OrdinalIgnoreCase))) return Engager.Machine;
        return name.StartsWith("Mozilla/", StringComparison.Ordinal) && name.Contains('(', StringComparison.Ordinal)
            || name.StartsWith("Opera/", StringComparison.Ordinal) ? Engager.Human : Engager.Unknown;
    }

    public static string Name(this Engager who) => who switch
    {
        Engager.Human => "human",
        Engager.Machine => "machine",
        Engager.Unknown => "unknown",
    };
}
