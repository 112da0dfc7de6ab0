using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Calendar;
using NotificationServer.Platform;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Admin.Pages.Campaigns;

/// A month of what goes out, with where it is too much of one kind.
internal sealed class CalendarModel(CalendarReader calendar, Overlaps overlaps, TimeProvider clock) : PageModel
{
    public const int MostShown = 4;

    /// Runs of one campaign on one day stand together.
    internal sealed record Item(PlannedRun First, int More, bool IsTooMany);

    internal sealed record Day(DateOnly Date, bool IsInMonth, bool IsToday, IReadOnlyList<Item> Items);

    /// 2026-12; else this one.
    [BindProperty(SupportsGet = true)] public string? Month { get; set; }
    /// By whose clock; null: UTC.
    [BindProperty(SupportsGet = true)] public string? Zone { get; set; }

    public DateOnly First { get; private set; }
    public IReadOnlyList<Day> Days { get; private set; } = [];
    public IReadOnlyList<IGrouping<CategoryLimit, Collision>> Collisions { get; private set; } = [];
    public int Count { get; private set; }
    public bool MayWrite => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Marketer);

    public string Title => First.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    public string Sentence => (Count, Collisions.Count) switch
    {
        (0, _) => $"Nothing is planned in {Title}.",
        (_, 0) => $"{Words.Number(Count)} {Words.Plural(Count, "campaign goes", "campaigns go")} out in {Title}; none of them is more than people may be told.",
        _ => $"{Words.Number(Count)} {Words.Plural(Count, "campaign goes", "campaigns go")} out in {Title}, and on {Words.Number(Collisions.SelectMany(group => group).Select(collision => DateOf(collision.Run)).Distinct().Count())} {Words.Plural(Collisions.SelectMany(group => group).Select(collision => DateOf(collision.Run)).Distinct().Count(), "day it is", "days it is")} more than people may be told.",
    };

    public async Task OnGetAsync(CancellationToken ct)
    {
        Zone = Zones.IsOne(string.IsNullOrWhiteSpace(Zone) ? null : Zone.Trim().Replace(' ', '_')) && !string.IsNullOrWhiteSpace(Zone) ? Zone.Trim().Replace(' ', '_') : null;
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(LocalTimes.LocalOf(now, Zone));
        First = DateOnly.TryParseExact($"{Month}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is > 2000 and < 2200
            ? month : new DateOnly(today.Year, today.Month, 1);

        // From the Monday before it to the Sunday after it.
        var from = First.AddDays(-(((int)First.DayOfWeek + 6) % 7));
        var last = First.AddMonths(1).AddDays(-1);
        var to = last.AddDays(7 - (((int)last.DayOfWeek + 6) % 7));
        var limits = await calendar.LimitsAsync(ct);
        // What was told shortly before counts too.
        var starts = StartOf(from);
        var all = await calendar.RunsAsync(starts - CalendarReader.LookBack(limits), StartOf(to), ct);
        var runs = all.Where(run => run.At >= starts).ToList();
        var tooMany = await overlaps.OfAsync(
            [.. NotificationServer.Campaigns.Calendar.Collisions.Of(all, limits).Where(collision => IsShown(collision.Run) && collision.Run.At >= now.AddDays(-1))], ct);
        Collisions = [.. tooMany.GroupBy(collision => collision.Limit)];
        Count = runs.Where(IsShown).Select(run => run.CampaignId).Distinct().Count();

        var flagged = tooMany.Select(collision => collision.Run).ToHashSet();
        var byDay = runs.ToLookup(DateOf);
        Days = [.. Enumerable.Range(0, to.DayNumber - from.DayNumber).Select(n => from.AddDays(n)).Select(date => new Day(
            date, date.Month == First.Month, date == today,
            [.. byDay[date].GroupBy(run => run.CampaignId).Select(group => new Item(group.First(), group.Count() - 1, group.Any(flagged.Contains)))]))];
    }

    public string At(PlannedRun run) => LocalTimes.LocalOf(run.At, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public DateOnly DateOf(PlannedRun run) => DateOnly.FromDateTime(LocalTimes.LocalOf(run.At, Zone));

    public string Link(DateOnly month) => Here.With(Request, ("month", month.ToString("yyyy-MM", CultureInfo.InvariantCulture)));

    public string Place(PlannedRun run) =>
        $"{Request.PathBase}/admin/campaigns/{PrefixedId.Format("cmp", run.CampaignId)}{(!run.HasBegun && CampaignLabels.CanBeEdited(run.Status) ? "/review" : "")}";

    private bool IsShown(PlannedRun run) => DateOf(run) is var date && date.Month == First.Month && date.Year == First.Year;

    private DateTimeOffset StartOf(DateOnly day) => LocalTimes.InstantOf(day.ToDateTime(TimeOnly.MinValue), Zone);
}
