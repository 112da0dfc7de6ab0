using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Http;

/// Instants further away are mistakes: milliseconds taken for seconds, a default value, "never".
internal static class TimeWindow
{
    private static readonly TimeSpan Past = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Future = TimeSpan.FromDays(366);

    public static void CheckTime(this FieldErrors errors, DateTimeOffset? at, string pointer, TimeProvider clock)
    {
        if (at is { } instant)
        {
            var away = instant - clock.GetUtcNow();
            errors.Check(away >= -Past && away <= Future, pointer, "time_out_of_range", "Use a time from now to a year ahead");
        }
    }
}
