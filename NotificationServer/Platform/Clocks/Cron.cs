using System.Globalization;

namespace NotificationServer.Platform.Clocks;

/// Minute, hour, day of month, month, day of week: `30 9 * * MON-FRI`. A day counts when both say so, so that `0 9 1-7 * MON` is the first
/// Monday of a month; `L` is its last day. Times are of a wall clock: each happens once a day, whatever is done to the clocks.
internal sealed class Cron
{
    /// The 29th of February on one day of the week comes again within 40 years; what does not come by then never does.
    private const int MostDays = 41 * 366;
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly ulong minutes, hours, days, months, weekdays;
    private readonly bool lastDay;

    private Cron(ulong minutes, ulong hours, ulong days, bool lastDay, ulong months, ulong weekdays) =>
        (this.minutes, this.hours, this.days, this.lastDay, this.months, this.weekdays) = (minutes, hours, days, lastDay, months, weekdays);

    /// Null: see the problem, which is in words.
    public static Cron? Parse(string text, out string problem)
    {
        problem = "";
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length != 5)
        {
            problem = "Five parts: minute, hour, day of month, month, day of week, such as 0 9 * * MON";
            return null;
        }
        var lastDay = fields[2] == "L";
        if (Set(fields[0], 0, 59, [], 0) is not { } minutes) problem = "The minute is 0 to 59";
        else if (Set(fields[1], 0, 23, [], 0) is not { } hours) problem = "The hour is 0 to 23";
        else if ((lastDay ? 0 : Set(fields[2], 1, 31, [], 0)) is not { } days) problem = "The day of the month is 1 to 31, or L for the last one";
        else if (Set(fields[3], 1, 12, Months, 1) is not { } months) problem = "The month is 1 to 12, or JAN to DEC";
        else if (Set(fields[4], 0, 7, Days, 0) is not { } weekdays) problem = "The day of the week is 0 to 6 from Sunday on, or SUN to SAT";
        else return new Cron(minutes, hours, days, lastDay, months, weekdays | (weekdays >> 7));
        return null;
    }

    /// The first time after an instant, by the clock of a zone; null: never.
    public DateTimeOffset? Next(DateTimeOffset after, string? zone)
    {
        var first = LocalTimes.LocalOf(after, zone).Date;
        // The day before as well: a clock that was put back over midnight is in it twice.
        for (var i = -1; i < MostDays; i++)
        {
            if (first > DateTime.MaxValue.Date.AddDays(-i - 2)) return null;
            var day = first.AddDays(i);
            if (!IsOn(day)) continue;
            // In order, since later times of a wall clock are never earlier instants under the rule for gaps and overlaps.
            for (var minute = 0; minute < 24 * 60; minute++)
            {
                if (!Has(hours, minute / 60) || !Has(minutes, minute % 60)) continue;
                if (LocalTimes.InstantOf(day.AddMinutes(minute), zone) is var instant && instant > after) return instant;
            }
        }
        return null;
    }

    private bool IsOn(DateTime day) =>
        Has(months, day.Month) && Has(weekdays, (int)day.DayOfWeek)
        && (lastDay ? day.Day == DateTime.DaysInMonth(day.Year, day.Month) : Has(days, day.Day));

    private static bool Has(ulong set, int value) => (set & (1UL << value)) != 0;

    private static ulong? Set(string field, int least, int most, string[] names, int firstName)
    {
        var set = 0UL;
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var some, var every] when Number(every) is > 0 and var size && size <= most => (some, size),
                _ => ("", 0),
            };
            var ends = range == "*" ? (From: least, To: most == 7 ? 6 : most) : range.Split('-') switch
            {
                // 5/10 is from the fifth on, every tenth.
                [var one] when Value(one) is { } from => (From: from, To: step > 1 ? most : from),
                [var one, var other] when Value(one) is { } from && Value(other) is { } to => (From: from, To: to),
                _ => (From: 1, To: 0),
            };
            if (step == 0 || ends.From > ends.To || ends.From < least || ends.To > most) return null;
            for (var value = ends.From; value <= ends.To; value += step) set |= 1UL << value;
        }
        return set;

        int? Value(string text) => Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is >= 0 and var name ? name + firstName : Number(text);
    }

    private static int? Number(string text) =>
        text.Length <= 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
