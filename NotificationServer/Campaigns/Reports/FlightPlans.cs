using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Campaigns.Reports;

/// Reckons how long a campaign takes, from whom it would reach and how fast that can be sent.
internal sealed class FlightPlans(ReachEstimate reach, Runways runways, TimeProvider clock)
{
    /// Zones with few people fly with the fallback: there are hundreds of names, and a handful of them have almost everybody.
    private const int MostZones = 40;

    /// With the reach that it was made from, so that who shows both asks once.
    public async Task<FlightPlanAnswer> OfAsync(Campaign campaign, CancellationToken ct)
    {
        var answer = await reach.OfAsync(campaign, ct);
        if (answer.Reach is not { } known) return new FlightPlanAnswer(null, null, answer.Errors);
        var now = clock.GetUtcNow();
        var (start, expiresAt) = ReachEstimate.TimesOf(campaign, now);
        var picture = await runways.ReadAsync(known.Routes, ct);
        if (start is not { } begins) return new FlightPlanAnswer(Unknown(known, expiresAt), known, []);

        var plan = campaign.Plan;
        var flight = new Flight
        {
            Now = now, Start = begins, Waves = WavesOf(plan, known, begins), Routes = known.Routes, Runways = picture, Audience = known.Audience,
            Window = plan.SendWindow, Throttle = plan.ThrottlePerMinute, ExpiresAt = expiresAt,
        };
        flight.Fly();
        var next = plan.Schedule.Kind == ScheduleKind.Recurring ? Occurrences.Next(plan.Schedule, begins) : null;
        return new FlightPlanAnswer(ToPlan(flight, plan, known, next), known, []);
    }

    private static FlightPlan ToPlan(Flight flight, CampaignPlan plan, Reach known, DateTimeOffset? next) => new()
    {
        Start = flight.First ?? flight.Start,
        End = flight.End,
        ExpiresAt = flight.ExpiresAt,
        TooLate = (long)Math.Round(flight.TooLate),
        EndsAfterExpiry = Math.Round(flight.TooLate) >= 1,
        Hours = [.. flight.Hours.OrderBy(pair => pair.Key.Hour).Select(pair => new FlightHour(pair.Key.Hour, pair.Key.Channel, (long)Math.Round(pair.Value)))],
        Channels = [.. known.Channels.Where(channel => channel.Messages > 0).Select(channel => ChannelOf(channel, flight))],
        Notes = [.. FlightNotes.Of(flight, plan, known, next)],
    };

    private static FlightPlan Unknown(Reach known, DateTimeOffset? expiresAt) => new()
    {
        Start = null, End = null, ExpiresAt = expiresAt, EndsAfterExpiry = false, Hours = [], Notes = ["Nothing says yet when it begins."],
        Channels = [.. known.Channels.Where(channel => channel.Messages > 0).Select(channel => new FlightChannel(channel.Channel, channel.Messages, null, null, null))],
    };

    /// Those who are asked first carry it, each as fast as it goes.
    private static FlightChannel ChannelOf(ReachChannel channel, Flight flight)
    {
        var asked = flight.Routes.Where(route => route.Channel == channel.Channel && route.Accounts.Count > 0)
            .Select(route => route.Accounts[0]).Distinct().Select(account => flight.Runways.ByAccount[account]).ToList();
        return new FlightChannel(
            channel.Channel, channel.Messages, asked.Count == 0 ? null : asked.Sum(runway => runway.PerSecond) * TimeSpan.FromHours(1).TotalSeconds,
            string.Join(", ", asked.Select(FlightNotes.RateOf)), flight.EndOf.TryGetValue(channel.Channel, out var end) && flight.End is not null ? end : null);
    }

    private static List<FlightWave> WavesOf(CampaignPlan plan, Reach known, DateTimeOffset start)
    {
        var (schedule, home) = (plan.Schedule, plan.Schedule.TimeZone);
        if (schedule is { Kind: ScheduleKind.Local, LocalTime: { } hour })
        {
            var big = known.Zones.Take(MostZones).Select(zone => (Zone: LocalTimes.IsZone(zone.TimeZone) ? zone.TimeZone : home, zone.People));
            var small = (Zone: home, People: known.Zones.Skip(MostZones).Sum(zone => zone.People));
            return [.. big.Append(small).Where(one => one.People > 0).GroupBy(one => one.Zone)
                .Select(group => new FlightWave(Later(LocalTimes.InstantOf(hour, group.Key), start), group.Key, group.Sum(one => one.People)))
                .OrderBy(wave => wave.DueAt)];
        }
        if (plan.AbTest is not { } test) return [new FlightWave(start, home, known.Audience)];
        var part = known.Audience * test.SamplePercent / 100.0;
        return [new FlightWave(start, home, part), new FlightWave(start + test.DecideAfter, home, known.Audience - part)];
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
