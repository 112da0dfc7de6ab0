using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Admin.Pages.Campaigns;

/// When a campaign goes out, as it is typed: days and times by the clock of the zone that stands beside them.
internal sealed class ScheduleForm
{
    private static readonly string[] Clocks = ["HH:mm", "HH:mm:ss"];

    public string Kind { get; set; } = "now";
    /// Empty: UTC.
    public string? Zone { get; set; }
    /// Of one time, and of one local time.
    public string? At { get; set; }
    public string Every { get; set; } = Repetition.Weeks;
    public string? Time { get; set; }
    public DayOfWeek[] Days { get; set; } = [];
    public int? DayOfMonth { get; set; } = 1;
    public string? Cron { get; set; }
    public string? Until { get; set; }

    public bool InWindow { get; set; }
    public DayOfWeek[] WindowDays { get; set; } = [];
    public string? From { get; set; }
    public string? To { get; set; }

    public int? Throttle { get; set; }
    public string? Expires { get; set; }
    public int? ExpiresAfter { get; set; }
    public string ExpiresUnit { get; set; } = "hours";
    public bool IgnoreCap { get; set; }
    public string OnError { get; set; } = "pause";
    public int? FailureLimit { get; set; } = 20;

    public static ScheduleForm Of(CampaignPlan plan)
    {
        var schedule = plan.Schedule;
        var repetition = Repetition.Of(schedule.Cron);
        var unit = ContentForm.Units.Reverse().FirstOrDefault(one => plan.ExpiresAfter is { } after && after.Ticks % one.Time.Ticks == 0, ContentForm.Units[1]);
        return new ScheduleForm
        {
            Kind = KindOf(schedule.Kind), Zone = schedule.TimeZone,
            At = schedule.Kind == ScheduleKind.Local ? Zones.Text(schedule.LocalTime) : Zones.Text(schedule.At, schedule.TimeZone),
            Every = repetition.Every, Time = Text(repetition.Time), Days = [.. repetition.Days], DayOfMonth = repetition.DayOfMonth,
            Cron = schedule.Cron, Until = Zones.Text(schedule.Until, schedule.TimeZone),
            InWindow = plan.SendWindow is not null, WindowDays = [.. plan.SendWindow is { Days.Count: > 0 } window ? window.Days : CampaignLabels.Week],
            From = Text(plan.SendWindow?.From ?? new TimeOnly(9, 0)), To = Text(plan.SendWindow?.To ?? new TimeOnly(20, 0)),
            Throttle = plan.ThrottlePerMinute,
            Expires = Zones.Text(plan.ExpiresAt, schedule.TimeZone),
            ExpiresAfter = plan.ExpiresAfter is { } span ? (int)Math.Min(span / unit.Time, int.MaxValue) : null, ExpiresUnit = unit.Name,
            IgnoreCap = plan.FrequencyCap == FrequencyCap.Ignore,
            OnError = plan.OnError == NotificationServer.Campaigns.Plans.OnError.Skip ? "skip" : "pause",
            FailureLimit = plan.FailureLimitPercent,
        };
    }

    /// Over the plan as it is; see the errors.
    public CampaignPlan Over(CampaignPlan plan, ModelStateDictionary errors)
    {
        Zone = string.IsNullOrWhiteSpace(Zone) ? null : Zone.Trim().Replace(' ', '_');
        if (!Zones.IsOne(Zone)) errors.AddModelError("Form.Zone", "Write a zone such as Europe/Zurich, or UTC.");
        var isRecurring = Kind == "recurring";
        return plan with
        {
            Schedule = ReadSchedule(errors),
            SendWindow = InWindow ? ReadWindow(errors) : null,
            ThrottlePerMinute = AtLeastOne(Throttle, "Form.Throttle", errors),
            ExpiresAt = isRecurring ? null : Instant(Expires, "Form.Expires", errors),
            ExpiresAfter = isRecurring && AtLeastOne(ExpiresAfter, "Form.ExpiresAfter", errors) is { } count
                ? ContentForm.Units.FirstOrDefault(unit => unit.Name == ExpiresUnit, ContentForm.Units[1]).Time * Math.Min(count, 100_000) : null,
            FrequencyCap = IgnoreCap ? FrequencyCap.Ignore : FrequencyCap.Respect,
            OnError = OnError == "skip" ? NotificationServer.Campaigns.Plans.OnError.Skip : NotificationServer.Campaigns.Plans.OnError.Pause,
            FailureLimitPercent = FailureLimit is >= 1 and <= 100 ? FailureLimit.Value : OnError == "skip" ? plan.FailureLimitPercent : Wrong("Form.FailureLimit", "From 1 to 100.", errors),
        };
    }

    private Schedule ReadSchedule(ModelStateDictionary errors)
    {
        var isRead = Zones.TryRead(At, out var day);
        if (Kind is "at" or "local" && !isRead) errors.AddModelError("Form.At", "Write a day and a time.");
        return Kind switch
        {
            "at" => new Schedule { Kind = ScheduleKind.At, TimeZone = Zone, At = day is { } at ? LocalTimes.InstantOf(at, Zone) : null },
            "local" => new Schedule { Kind = ScheduleKind.Local, TimeZone = Zone, LocalTime = day },
            "recurring" => new Schedule { Kind = ScheduleKind.Recurring, TimeZone = Zone, Cron = ReadCron(errors), Until = Instant(Until, "Form.Until", errors) },
            _ => new Schedule { Kind = ScheduleKind.Now, TimeZone = Zone },
        };
    }

    private string? ReadCron(ModelStateDictionary errors)
    {
        if (Every == Repetition.Other) return string.IsNullOrWhiteSpace(Cron) ? null : Cron.Trim();
        if (Every == Repetition.Weeks && Days.Length == 0) errors.AddModelError("Form.Days", "Choose at least one day.");
        if (Every == Repetition.Month && DayOfMonth is not (>= 1 and <= 31)) errors.AddModelError("Form.DayOfMonth", "From 1 to 31.");
        return new Repetition(Every) { Time = Clock(Time, "Form.Time", errors), Days = Days, DayOfMonth = DayOfMonth ?? 1 }.ToCron();
    }

    private SendWindow ReadWindow(ModelStateDictionary errors)
    {
        if (WindowDays.Length == 0) errors.AddModelError("Form.WindowDays", "Choose at least one day.");
        return new SendWindow
        {
            Days = WindowDays.Distinct().Count() == 7 ? [] : [.. CampaignLabels.Week.Where(WindowDays.Contains)],
            From = Clock(From, "Form.From", errors), To = Clock(To, "Form.To", errors),
        };
    }

    private DateTimeOffset? Instant(string? text, string field, ModelStateDictionary errors)
    {
        if (!Zones.TryRead(text, out var local)) errors.AddModelError(field, "Write a day and a time.");
        return local is { } read ? LocalTimes.InstantOf(read, Zone) : null;
    }

    private static TimeOnly Clock(string? text, string field, ModelStateDictionary errors)
    {
        if (!TimeOnly.TryParseExact(text, Clocks, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) errors.AddModelError(field, "Write a time, as 09:00.");
        return time;
    }

    private static int? AtLeastOne(int? number, string field, ModelStateDictionary errors) => number is < 1 ? Wrong(field, "At least 1.", errors) : number;

    private static int Wrong(string field, string words, ModelStateDictionary errors)
    {
        errors.AddModelError(field, words);
        return 1;
    }

    private static string Text(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string KindOf(ScheduleKind kind) => kind.ToString().ToLowerInvariant();
}
