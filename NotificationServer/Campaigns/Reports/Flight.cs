using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform.Clocks;

namespace NotificationServer.Campaigns.Reports;

/// People who go together, and by whose clock.
internal sealed record FlightWave(DateTimeOffset DueAt, string? TimeZone, double People);

/// Plays a run through before it happens, in steps of a minute and later of ten: people come as the throttle lets them, their messages wait in
/// the queue of their channel behind what is there, and each account sends as many as its rate and its day allow.
internal sealed class Flight
{
    private static readonly TimeSpan Fine = TimeSpan.FromMinutes(1), Coarse = TimeSpan.FromMinutes(10), FineFor = TimeSpan.FromHours(12);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(60);
    private const double Nothing = 0.5; // of a message: what is left over by arithmetic

    public required DateTimeOffset Now { get; init; }
    public required DateTimeOffset Start { get; init; }
    /// In the order in which they are due.
    public required IReadOnlyList<FlightWave> Waves { get; init; }
    /// Messages of all waves together.
    public required IReadOnlyList<ReachRoute> Routes { get; init; }
    public required Runways.Picture Runways { get; init; }
    public required double Audience { get; init; }
    public SendWindow? Window { get; init; }
    public int? Throttle { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    public Dictionary<(DateTimeOffset Hour, string Channel), double> Hours { get; } = [];
    public Dictionary<string, DateTimeOffset> EndOf { get; } = new(StringComparer.Ordinal);
    /// Null: not within two months.
    public DateTimeOffset? End { get; private set; }
    public DateTimeOffset? First { get; private set; }
    public double TooLate { get; private set; }

    private double[] toCome = [];
    private double[,] waiting = new double[0, 0];
    private readonly Dictionary<string, double> before = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> secondsLeft = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, DateOnly Day), double> dayLeft = [];
    private double left;

    public void Fly()
    {
        toCome = [.. Waves.Select(wave => wave.People)];
        waiting = new double[Waves.Count, Routes.Count];
        left = Routes.Sum(route => (double)route.Messages);
        foreach (var route in Routes) before[route.Channel] = Runways.Waiting.GetValueOrDefault(route.Channel);
        if (left < Nothing)
        {
            End = Start;
            return;
        }
        // What waits already goes on meanwhile: by the time that this begins, there may be none of it left.
        var (at, isPastExpiry) = (Start, false);
        GoBefore(Start - Now);
        while (at - Start < Longest)
        {
            var step = at - Start < FineFor ? Fine : Coarse;
            if (!isPastExpiry && ExpiresAt is { } expiry && at >= expiry)
            {
                isPastExpiry = true;
                TooLate = left;
            }
            Step(at, step);
            at += step;
            if (left >= Nothing) continue;
            End = EndOf.Values.Max();
            break;
        }
        if (!isPastExpiry && End is null && ExpiresAt is not null) TooLate = left;
    }

    private void GoBefore(TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return;
        foreach (var route in Routes)
            if (route.Accounts is [var first, ..]) before[route.Channel] = Math.Max(0, before[route.Channel] - (Runways.ByAccount[first].PerSecond * time.TotalSeconds));
    }

    private void Step(DateTimeOffset at, TimeSpan step)
    {
        foreach (var account in Runways.ByAccount.Keys) secondsLeft[account] = step.TotalSeconds;
        var mayCome = Throttle is { } perMinute ? perMinute * step.TotalMinutes : double.MaxValue;
        for (var w = 0; w < Waves.Count; w++)
        {
            if (Waves[w].DueAt > at || !IsOpen(Waves[w], at)) continue;
            var come = Math.Min(toCome[w], mayCome);
            toCome[w] -= come;
            mayCome -= come;
            for (var r = 0; r < Routes.Count; r++)
            {
                if (Audience > 0) waiting[w, r] += come * Routes[r].Messages / Audience;
                if (waiting[w, r] > 0) Send(at, step, w, r);
            }
        }
    }

    private void Send(DateTimeOffset at, TimeSpan step, int wave, int route)
    {
        var (channel, accounts) = (Routes[route].Channel, Routes[route].Accounts);
        foreach (var account in accounts)
        {
            var others = Take(account, at, before[channel]);
            before[channel] -= others;
            var sent = Take(account, at, waiting[wave, route]);
            if (sent > 0) Note(at, step, wave, route, account, sent);
            // Its rate is waited for; only where its day is used up another one is asked.
            if (waiting[wave, route] < 1e-9 || DayLeft(account, at) > 0) break;
        }
    }

    private void Note(DateTimeOffset at, TimeSpan step, int wave, int route, string account, double sent)
    {
        var channel = Routes[route].Channel;
        waiting[wave, route] -= sent;
        left -= sent;
        First ??= at;
        var hour = new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);
        Hours[(hour, channel)] = Hours.GetValueOrDefault((hour, channel)) + sent;
        EndOf[channel] = at + (step * (1 - (secondsLeft[account] / step.TotalSeconds)));
    }

    /// As many of these as the account sends in what is left of the step and of the day.
    private double Take(string account, DateTimeOffset at, double wanted)
    {
        if (wanted <= 0) return 0;
        var runway = Runways.ByAccount[account];
        var taken = Math.Min(wanted, Math.Min(secondsLeft[account] * runway.PerSecond, DayLeft(account, at)));
        secondsLeft[account] -= taken / runway.PerSecond;
        var day = (account, DateOnly.FromDateTime(at.UtcDateTime));
        if (dayLeft.TryGetValue(day, out var rest)) dayLeft[day] = rest - taken;
        return taken;
    }

    private double DayLeft(string account, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        if (dayLeft.TryGetValue((account, day), out var rest)) return rest;
        if (Runways.ByAccount[account].MostOn(day, DateOnly.FromDateTime(Now.UtcDateTime)) is not { } most) return double.MaxValue;
        return dayLeft[(account, day)] = most;
    }

    private bool IsOpen(FlightWave wave, DateTimeOffset at) =>
        Window is null || SendWindows.IsOpen(Window.Days, Window.From, Window.To, wave.TimeZone, at);
}
