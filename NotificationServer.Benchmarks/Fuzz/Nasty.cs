namespace NotificationServer.Benchmarks.Fuzz;

/// Values that have broken somebody's server. As JSON, so that some of them can be what no string of a program may hold.
internal static class Nasty
{
    public static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "2147483648", "-9223372036854775809", "99999999999999999999", "1e308", "1e400000", "0e-400000", "0.1e1", "1.0",
        "\"\"", "\" \"", "\"x\"", "\"1\"", "\"true\"", "\"null\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"a\":1}", "{\"\":1}", "{\"a\":{\"b\":{\"c\":[1,2,{\"d\":null}]}}}",
        "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "{\"\\u0000\":1}", "{\"a\":\"\\ud800\"}", "\"\\uffff\\ufffe\"", "\"\\u202egnp\\u2066\"", "\"\\u0007\\u001b[31m\"", "\"a\\r\\nBcc: b@example.org\"",
        "\"👨‍👩‍👧🏽\"", "\"Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘\"", "\"İstanbul ß ﬀ Ⅷ ＋４９１５\"", "\"مرحبا שלום\"",
        "\"2026-02-30T00:00:00Z\"", "\"2026-12-31T23:59:60Z\"", "\"2026-03-29T02:30:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-11-01\"", "\"P1D\"", "\"23:59:60\"", "\"24:00\"",
        "\"'; drop table users; --\"", "\"' or 1=1 --\"", "\"%_\\\\\"", "\"$$;$1\"", "\"../../../etc/passwd\"", "\"C:\\\\windows\"", "\"file:///etc/passwd\"", "\"javascript:alert(1)\"",
        "\"https://127.1/\"", "\"https://[::ffff:127.0.0.1]/\"", "\"https://169.254.169.254/latest\"", "\"https://a:b@example.com\"", "\"http://\"", "\"//evil.example\"", "\"https://127。0。0。1/\"",
        "\"{{#each this}}\"", "\"{{{x}}}\"", "\"{{#if a}}{{else}}{{/if}}\"", "\"{{this.GetType}}\"", "\"{{> x}}\"", "\"<script>alert(1)</script>\"", "\"<a href=javascript:alert(1)>\"", "\"{% raw %}\"",
        "\"Ann <a@x.test>, b@y.test\"", "\"a@[127.0.0.1]\"", "\"a@münchen.example\"", "\"ü@x.test\"", "\"@\"", "\"+4915112345678\\n\"", "\"+\"", "\"+0000000000\"", "\"0049151\"",
        "\"de-CH\"", "\"xx-YY-zz-1\"", "\"Europe/Zurich\"", "\"Mars/Olympus\"", "\"UTC\"", "\"ntf_00000000000000000000000000000000\"", "\"msg_ffffffffffffffffffffffffffffffff\"", "\"00000000-0000-0000-0000-000000000000\"",
        "\"ios_push\"", "\"sms\"", "\"fax\"", "[\"push\",\"sms\",\"email\"]", "\"marketing\"", "\"offers\"", "\"nsk_live_x\"", "\"=HYPERLINK(1)\"", "\"\\\"\"", "\"\\\\\"", "\"/\"", "\"~0~1\"",
    ];

    /// The same for an address or a header, where everything is text.
    public static readonly string[] Text =
    [
        "", " ", "x", "0", "-1", "1", "201", "99999999999999999999", "1.5", "1e9", "true", "null", "undefined", "a\0b", "\u001b[31m", "a\r\nX: 1", "ü", "\u202egnp", "😀", "%", "_", "%00", "%2e%2e%2f",
        "../../etc/passwd", "..\\..", "' or 1=1 --", "\"", "\\", "*", "?", "&a=b", "=", ";", "[]", "{}", "[0]", "2026-02-30", "2026-11-01", "2026-11-01T09:00:00Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00Z",
        "ntf_00000000000000000000000000000000", "msg_ffffffffffffffffffffffffffffffff", "op_0192f0c1aaaa7bbb8ccc0123456789ab", "00000000-0000-0000-0000-000000000000", "AAAA", "////", "W/\"1\"", "\"1\"", "\"-1\"",
        "sms", "push", "email", "ios_push", "fax", "day,template", "open", "failed", "queued", "reject", "skip", "estimated_total", "nsk_test_",
    ];

    public static string Any(this Random random, IReadOnlyList<string> of) => of[random.Next(of.Count)];

    public static bool Chance(this Random random, double share) => random.NextDouble() < share;
}
