namespace NotificationServer.Delivery.Rates;

/// How much an account may be called, on all nodes together; null: no limit. A day is a day of UTC by the database's clock, and a
/// call counts on the day on which its moment was given out.
internal readonly record struct RateLimits(int? PerSecond, long? DailyCap = null, WarmUpPlan? WarmUp = null)
{
    public bool AreNone => PerSecond is null && DailyCap is null && WarmUp is null;
}

/// A new sender earns its name: so many on the first day, each day Growth times the day before, until the daily cap.
internal sealed record WarmUpPlan(DateOnly From, int FirstDay, double Growth);
