using System.Globalization;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.JPush;

internal static class JPushErrors
{
    public static Answer Of(int status, string code, string message) =>
        Answer.Json(status, $$$"""{"error":{"code":{{{code}}},"message":"{{{message}}}"}}""") with { Headers = Quota };

    /// The figures of the free plan; on every answer, and never used up.
    public static IReadOnlyList<Header> Quota { get; } =
        [new("x-rate-limit-limit", "600"), new("x-rate-limit-remaining", "599"), new("x-rate-limit-reset", "41")];

    public static string UsualCode(int status) => status switch
    {
        400 => "1003",
        401 => "1004",
        403 => "2003",
        404 => "1020",
        405 => "1001",
        429 => "2002",
        503 => "1030",
        _ => "1000",
    };

    public static string Message(string code) => code switch
    {
        "1011" => "cannot find user by this audience",
        "2002" => "Rate limit exceeded",
        _ => string.Create(CultureInfo.InvariantCulture, $"error {code}"),
    };
}
