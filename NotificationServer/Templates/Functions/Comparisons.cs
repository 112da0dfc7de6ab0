using HandlebarsDotNet;

namespace NotificationServer.Templates.Functions;

/// Conditions for #if and #unless. What cannot be compared is not greater, not less and not equal; it never ends a rendering.
internal static class Comparisons
{
    private static readonly object Yes = true;
    private static readonly object No = false;

    public static Evaluation Equal(CallParts parts) => Two(parts, (a, b) => AreEqual(a, b));

    public static Evaluation NotEqual(CallParts parts) => Two(parts, (a, b) => !AreEqual(a, b));

    public static Evaluation Greater(CallParts parts) => Two(parts, (a, b) => Compare(a, b) > 0);

    public static Evaluation GreaterOrEqual(CallParts parts) => Two(parts, (a, b) => Compare(a, b) >= 0);

    public static Evaluation Less(CallParts parts) => Two(parts, (a, b) => Compare(a, b) < 0);

    public static Evaluation LessOrEqual(CallParts parts) => Two(parts, (a, b) => Compare(a, b) <= 0);

    public static Evaluation And(CallParts parts)
    {
        var all = parts.All;
        return (in values, speech) =>
        {
            foreach (var one in all)
                if (!IsTrue(one(values, speech))) return No;
            return Yes;
        };
    }

    public static Evaluation Or(CallParts parts)
    {
        var all = parts.All;
        return (in values, speech) =>
        {
            foreach (var one in all)
                if (IsTrue(one(values, speech))) return Yes;
            return No;
        };
    }

    public static Evaluation Not(CallParts parts)
    {
        var one = parts[0];
        return (in values, speech) => IsTrue(one(values, speech)) ? No : Yes;
    }

    // As {{#if}} sees it: nothing, false, "", 0 and an empty list are no.
    private static bool IsTrue(object? value) => HandlebarsUtils.IsTruthyOrNonEmpty(value);

    private static Evaluation Two(CallParts parts, Func<object?, object?, bool> holds)
    {
        var (one, other) = (parts[0], parts[1]);
        return (in values, speech) => holds(one(values, speech), other(values, speech)) ? Yes : No;
    }

    private static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (bool one, bool other) => one == other,
        (string one, string other) => one == other,
        _ => Values.Number(a) is { } number && number == Values.Number(b),
    };

    // Numbers by value, also those that came as text; instants and days by time; other words by their letters.
    private static int? Compare(object? a, object? b)
    {
        if (Values.Number(a) is { } one && Values.Number(b) is { } other) return one.CompareTo(other);
        if (a is not string left || b is not string right) return null;
        return Instant(left) is { } earlier && Instant(right) is { } later ? earlier.CompareTo(later) : string.CompareOrdinal(left, right);
    }

    private static DateTimeOffset? Instant(string text) => Moment.Read(text) is { } moment ? new DateTimeOffset(moment.Time.DateTime, moment.HasTime ? moment.Time.Offset : TimeSpan.Zero) : null;
}
