using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Calendar;
using NotificationServer.Platform;

namespace NotificationServer.Api.Campaigns;

/// What goes out in some days, and where it is more than people may be told.
internal static class GetCampaignCalendar
{
    private const int MostDays = 92;

    public sealed record RunView(
        string CampaignId, string Name, string Status, DateTimeOffset At,
        [property: Description("It began: at is when it was meant to")] bool HasBegun,
        [property: Description("At is when its hour first strikes; elsewhere it does so later")] bool Local);

    public sealed record ConflictView(
        [property: Description("The category whose limit is reached")] string Category, int Limit, long PerSeconds,
        [property: Description("defer, drop or merge: what becomes of the one too many")] string Policy,
        [property: Description("One too many for people who are meant by all of these")] RunView Run, IReadOnlyList<RunView> After,
        [property: Description("How many people that are, up to 10000; null where it was not found out in time, or where they are the same people")] long? People);

    public sealed record Response(IReadOnlyList<RunView> Data, IReadOnlyList<ConflictView> Conflicts);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/campaigns:calendar", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(GetCampaignCalendar))
        .WithSummary("What is planned, with what conflicts with the limits of its categories");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        [Description("Left out: now")] DateTimeOffset? from,
        [Description("Not after it; at most 92 days later; left out: 31 days later")] DateTimeOffset? to,
        Caller caller, CalendarReader calendar, Overlaps overlaps, TimeProvider clock, CancellationToken ct)
    {
        var start = from ?? clock.GetUtcNow();
        if (start.Year is < 2000 or > 2200) return Problems.InvalidParameter("query:from", "out_of_range", "A moment of our time");
        var end = to ?? start.AddDays(31);
        if (end <= start || end - start > TimeSpan.FromDays(MostDays)) return Problems.InvalidParameter("query:to", "out_of_range", $"After from, by at most {MostDays} days");

        var limits = await calendar.LimitsAsync(ct);
        var runs = await calendar.RunsAsync(start - CalendarReader.LookBack(limits), end, ct);
        var shown = runs.Where(run => run.At >= start && (!caller.Sandbox || run.Sandbox)).ToList();
        var conflicts = await overlaps.OfAsync([.. Collisions.Of(runs, limits).Where(collision => shown.Contains(collision.Run))], ct);
        return TypedResults.Ok(new Response([.. shown.Select(View)], [.. conflicts.Select(one =>
            new ConflictView(one.Limit.Key, one.Limit.Count, (long)one.Limit.Per.TotalSeconds, one.Limit.Policy, View(one.Run), [.. one.Before.Where(run => !caller.Sandbox || run.Sandbox).Select(View)], one.People))]));
    }

    private static RunView View(PlannedRun run) =>
        new(PrefixedId.Format("cmp", run.CampaignId), run.Name, run.Status.Name(), run.At.ToUniversalTime(), run.HasBegun, run.IsLocal);
}
