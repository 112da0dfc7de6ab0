using NotificationServer.Platform.Clocks;

namespace NotificationServer.Campaigns.Plans;

/// Whether a plan can begin, and be over, when it says.
internal static class PlanTimes
{
    /// `* 9 * * *` is sixty runs each morning, and was meant as one.
    private static readonly TimeSpan LeastBetween = TimeSpan.FromHours(1);
    private const int Compared = 100;

    public static IEnumerable<PlanError> Check(CampaignPlan plan, DateTimeOffset now)
    {
        var errors = new List<PlanError>();
        CheckSchedule(plan.Schedule, now, errors);
        CheckExpiry(plan, now, errors);
        return errors;
    }

    private static void CheckSchedule(Schedule schedule, DateTimeOffset now, List<PlanError> errors)
    {
        switch (schedule.Kind)
        {
            case ScheduleKind.Now:
                break;
            case ScheduleKind.At when schedule.At is null:
                errors.Add(new("/schedule/at", "required", "Say when it is sent"));
                break;
            case ScheduleKind.At:
                if (schedule.At <= now) errors.Add(new("/schedule/at", "in_the_past", "This time is over"));
                break;
            case ScheduleKind.Local when schedule.LocalTime is null:
                errors.Add(new("/schedule/local_time", "required", "Say at which local time it is sent, as 2026-12-01T09:00"));
                break;
            case ScheduleKind.Local:
                if (Occurrences.LastStrike(schedule) <= now) errors.Add(new("/schedule/local_time", "in_the_past", "This hour is over everywhere"));
                break;
            case ScheduleKind.Recurring when schedule.Cron is null:
                errors.Add(new("/schedule/cron", "required", "Say when it is sent, as 0 9 * * MON"));
                break;
            case ScheduleKind.Recurring:
                CheckRuns(schedule, now, errors);
                break;
        }
    }

    private static void CheckRuns(Schedule schedule, DateTimeOffset now, List<PlanError> errors)
    {
        if (Cron.Parse(schedule.Cron ?? "", out _) is null) return; // told already
        var runs = Occurrences.Preview(schedule, now, Compared);
        if (runs is [])
            errors.Add(schedule.Until <= now ? new("/schedule/until", "in_the_past", "This time is over") : new("/schedule/cron", "never", "No run would ever begin"));
        else if (runs.Zip(runs.Skip(1)).Any(pair => pair.Second - pair.First < LeastBetween))
            errors.Add(new("/schedule/cron", "too_often", "At most one run an hour"));
    }

    private static void CheckExpiry(CampaignPlan plan, DateTimeOffset now, List<PlanError> errors)
    {
        var recurring = plan.Schedule.Kind == ScheduleKind.Recurring;
        if (recurring && plan.ExpiresAt is not null)
            errors.Add(new("/expires_at", "recurring", "It comes again: say with expires_after_seconds how long each run lasts, and with schedule/until when the last begins"));
        if (!recurring && plan.ExpiresAfter is not null)
            errors.Add(new("/expires_after_seconds", "not_recurring", "It is sent once: say with expires_at when it is too late"));
        if (Occurrences.StartAfter(plan.Schedule, now) is not { } start) return;

        var expires = recurring ? start + plan.ExpiresAfter : plan.ExpiresAt;
        var opens = plan.SendWindow is not { } window || plan.Schedule.Kind == ScheduleKind.Local
            ? start : SendWindows.NextOpening(window.Days, window.From, window.To, plan.Schedule.TimeZone, start);
        var pointer = recurring ? "/expires_after_seconds" : "/expires_at";
        if (expires <= start) errors.Add(new(pointer, "expires_before_start", "It would expire before it begins"));
        else if (expires <= opens) errors.Add(new(pointer, "expires_before_window", "It would expire before its window opens"));
        else if (plan.AbTest is { } test && expires <= opens + test.DecideAfter)
            errors.Add(new("/ab_test/decide_after_seconds", "decides_too_late", "It would expire before the test is decided"));
    }
}
