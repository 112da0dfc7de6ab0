using System.Text;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api;

/// B05-B18 of the catalogue: whatever is sent, the answer is a problem with the promised status and code, and never a 500.
public sealed class BadJsonTests(ServerHost server) : IClassFixture<ServerHost>
{
    /// Name, expected status, expected code (or codes: a patch is read in two steps), body for a target (null: does not apply to it).
    private static readonly (string Name, int Status, string Code, Func<Target, string?> Body)[] Cases =
    [
        ("B05 100,000 open brackets", 400, "wrong_type|malformed_json", _ => new string('[', 100_000)),
        ("B05 depth 100 in an unknown field", 400, "unknown_property|malformed_json", t => t.With("nope", Nested(100))),
        ("B05 depth 100 in a free-form field", 400, "malformed_json", t => t.FreeForm is { } f ? t.With(f, $"{{\"a\":{Nested(100)}}}") : null),
        ("B06 a field twice", 400, "duplicate_property", t => t.Text is { } f ? $"{t.With(f, "\"x\"")[..^1]},\"{f}\":\"y\"}}" : null),
        ("B06 a key twice in a free-form field", 400, "duplicate_property", t => t.FreeForm is { } f ? t.With(f, """{"a":1,"a":2}""") : null),
        ("B07 isAdmin", 400, "unknown_property", t => t.With("isAdmin", "true")),
        ("B07 client_id", 400, "unknown_property", t => t.With("client_id", "\"x\"")),
        ("B07 attempt", 400, "unknown_property", t => t.With("attempt", "1")),
        ("B07 a field in other case", 400, "unknown_property", t => t.Text is { } f ? t.With(f.ToUpperInvariant(), "\"x\"") : null),
        ("B10 half a character in a field", 400, "malformed_json", t => t.Text is { } f ? t.With(f, "\"\\ud800\"") : null),
        ("B10 half a character in free form", 400, "malformed_json", t => t.FreeForm is { } f ? t.With(f, "{\"a\":[\"\\uD800x\"]}") : null),
        ("B10 the second half first", 400, "malformed_json", t => t.FreeForm is { } f ? t.With(f, "{\"a\":\"\\udc00\\ud800\"}") : null),
        ("B10 half a character in a free-form key", 400, "malformed_json", t => t.FreeForm is { } f ? t.With(f, "{\"\\ud800\":1}") : null),
        ("B11 NUL in a field", 422, "nul_character", t => t.Text is { } f ? t.With(f, "\"a\\u0000b\"") : null),
        ("B11 NUL deep in free form", 422, "nul_character", t => t.FreeForm is { } f ? t.With(f, "{\"a\":[1,{\"b\":\"\\u0000\"}]}") : null),
        ("B11 NUL in a free-form key", 422, "nul_character", t => t.FreeForm is { } f ? t.With(f, "{\"a\\u0000\":1}") : null),
        ("B11 a bare NUL byte", 400, "malformed_json", t => t.Text is { } f ? t.With(f, "\"a\0b\"") : null),
        ("B14 empty", 400, "malformed_json", _ => ""),
        ("B14 blank", 400, "malformed_json", _ => "  "),
        ("B14 null", 400, "malformed_json|wrong_type", _ => "null"),
        ("B14 an array", 400, "wrong_type", _ => "[]"),
        ("B14 a text", 400, "wrong_type", _ => "\"x\""),
        ("B14 a number", 400, "wrong_type", _ => "1"),
        ("B15 a required field missing", 400, "required", t => t.Required is null ? null : "{}"),
        ("B15 a required field null", 400, "required", t => t.Required is { } f ? t.With(f, "null") : null),
        ("B15 a number for a text", 400, "wrong_type", t => t.Text is { } f ? t.With(f, "1") : null),
        ("B15 an object for a text", 400, "wrong_type", t => t.Text is { } f ? t.With(f, "{}") : null),
        ("B18 trailing comma", 400, "malformed_json", t => t.Valid[..^1] + ",}"),
        ("B18 comment", 400, "malformed_json", t => t.Valid + "/* x */"),
        ("B18 NaN", 400, "malformed_json", t => t.Text is { } f ? t.With(f, "NaN") : null),
        ("B18 two documents", 400, "malformed_json", t => t.Valid + t.Valid),
        ("B18 single quotes", 400, "malformed_json", _ => "{'a':1}"),
        ("B18 cut short", 400, "malformed_json", t => t.Valid[..^1]),
        ("B18 byte order mark of UTF-16", 400, "malformed_json", t => "\uFEFF" + t.Valid),
        ("a number beyond jsonb", 422, "validation_failed", t => t.FreeForm is { } f ? t.With(f, "{\"a\":1e400000}") : null),
        ("a number below jsonb", 422, "validation_failed", t => t.FreeForm is { } f ? t.With(f, "{\"a\":[0e-400000]}") : null),
        ("B25 an epoch number", 400, "invalid_time", t => t.Time is { } f ? t.With(f, "1780000000") : null),
        ("B25 30 February", 400, "invalid_time", t => t.Time is { } f ? t.With(f, "\"2026-02-30T00:00:00Z\"") : null),
        ("B25 leap second", 400, "invalid_time", t => t.Time is { } f ? t.With(f, "\"2026-12-31T23:59:60Z\"") : null),
        ("B25 offset of 15 hours", 400, "invalid_time", t => t.Time is { } f ? t.With(f, "\"2026-12-01T00:00:00+15:00\"") : null),
        ("B25 year 10000", 400, "invalid_time", t => t.Time is { } f ? t.With(f, "\"10000-01-01T00:00:00Z\"") : null),
        ("B26 no offset", 400, "offset_required", t => t.Time is { } f ? t.With(f, "\"2026-03-29T02:30:00\"") : null),
        ("B28 the end of time", 422, "validation_failed", t => t.Time is { } f ? t.With(f, "\"9999-12-31T23:59:59.9999999Z\"") : null),
        ("B28 the beginning of time", 422, "validation_failed", t => t.Time is { } f ? t.With(f, "\"0001-01-01T00:00:00Z\"") : null),
        ("B28 before the beginning of time", 400, "invalid_time", t => t.Time is { } f ? t.With(f, "\"0001-01-01T00:00:00+14:00\"") : null),
    ];

    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (var target in Target.All)
        foreach (var (name, _, _, body) in Cases)
        {
            if (body(target) is not null)
                data.Add(target.Name, name);
        }

        return data;
    }

    [Theory, MemberData(nameof(All))]
    [Bar("S09", "S11", "B05", "B06", "B07", "B10", "B11", "B14", "B15", "B18", "B25", "B26", "B28")]
    public async Task A_bad_body_is_refused_with_its_own_code(string target, string name)
    {
        var (_, status, code, body) = Cases.Single(c => c.Name == name);

        await server.GivenUserAsync("b-user");
        await server.GivenUserAsync("b-erased");
        using var response = await server.Client.SendAsync(Target.Named(target).Request(body(Target.Named(target))!)); // listed, so it applies

        await ProblemAssert.IsAsync(response, status, code);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [Bar("B09")]
    public async Task B09_invalid_utf8_is_refused(byte[] bad)
    {
        foreach (var target in Target.All)
        {
            var valid = Encoding.UTF8.GetBytes(target.With(target.FreeForm ?? target.Text ?? "x", target.FreeForm is null ? "\"\x01\"" : "{\"a\":\"\x01\"}"));
            byte[] body = [.. valid.SelectMany(b => b == 1 ? bad : [b])];

            using var response = await server.Client.SendAsync(target.Request(body));

            await ProblemAssert.IsAsync(response, 400, "malformed_json");
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    [InlineData(null)]
    [Bar("B13")]
    public async Task B13_what_does_not_call_itself_json_is_not_read(string? contentType)
    {
        foreach (var target in Target.All)
        {
            using var response = await server.Client.SendAsync(target.Request(Encoding.UTF8.GetBytes(target.Valid), contentType));

            await ProblemAssert.IsAsync(response, 415, "unsupported_media_type");
        }
    }

    [Fact]
    public async Task A_problem_points_at_the_field_however_deep()
    {
        var target = Target.Named("user");

        using var nul = await server.Client.SendAsync(target.Request(target.With("attributes", "{\"a/b\":[1,{\"c\":\"\\u0000\"}]}")));
        using var type = await server.Client.SendAsync(target.Request(target.With("tags", "[\"a\",1]")));
        using var unknown = await server.Client.SendAsync(target.Request(target.With("nope", "1")));
        using var twice = await server.Client.SendAsync(target.Request("{\"email\":null,\"email\":null}"));

        Assert.Equal("/attributes/a~1b/1/c", await ProblemAssert.PointerAsync(nul));
        Assert.Equal("/tags/1", await ProblemAssert.PointerAsync(type));
        Assert.Equal("/nope", await ProblemAssert.PointerAsync(unknown));
        Assert.Equal("/email", await ProblemAssert.PointerAsync(twice));
    }

    [Fact]
    public async Task Every_valid_body_of_the_table_is_taken()
    {
        await server.GivenUserAsync("b-user");
        await server.GivenUserAsync("b-erased");
        foreach (var target in Target.All)
        {
            using var response = await server.Client.SendAsync(target.Request(target.Valid));

            Assert.True(response.IsSuccessStatusCode, $"{target.Name}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
