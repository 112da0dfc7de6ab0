namespace NotificationServer.Platform.Restores;

/// Whether the database is the one that this node knows. It reads nothing.
internal static class RestoreJudge
{
    /// Older than this, what the database knew of a node may have been forgotten in it.
    public static readonly TimeSpan WitnessesAreKept = TimeSpan.FromDays(90);

    /// Null: it is, or there is nothing that speaks against it.
    public static Doubt? Of(Guid? instance, Memory? known, InstanceReading now, Place place, RestoreOptions options)
    {
        if (instance is { } expected && expected != now.Id)
            return New(DoubtKind.Other, now, ("expected", expected), ("found", now.Id));
        if (options.Installation is { Length: > 0 } ours && now.Installation is { } theirs && ours != theirs)
            return New(DoubtKind.Installation, now, ("expected", ours), ("found", theirs));
        if (now.System is { } was && place.System is { } here && was != here)
            return New(DoubtKind.Elsewhere, now, ("expected", was), ("found", here));
        if (known is not null && Lost(known, now) is { } lost && lost > options.Tolerates)
            return New(DoubtKind.Older, now, ("remembered_at", known.At), ("lost_seconds", Math.Round(lost.TotalSeconds, 1)));
        if (known is null && now.Timeline is { } line && place.Timeline is { } other && line != other)
            return New(DoubtKind.Timeline, now, ("expected", line), ("found", other));
        return null;
    }

    /// How much of what this node has seen is not there; null: nothing.
    public static TimeSpan? Lost(Memory known, InstanceReading now)
    {
        if (now.Epoch > known.Epoch) return null; // somebody has looked at it since, and said that it may go on
        if (now.Epoch == known.Epoch && now.CountBefore >= known.Count) return null;
        if (now.CountBefore is null && now.At - known.At > WitnessesAreKept) return null;
        // A confirmation is missing too: however long ago that was, a person should look.
        if (now.Epoch < known.Epoch) return TimeSpan.MaxValue;
        var lost = known.At - (now.AtBefore ?? known.BeganAt);
        return lost > TimeSpan.Zero ? lost : TimeSpan.Zero;
    }

    private static Doubt New(DoubtKind kind, InstanceReading now, params (string Name, object? Value)[] evidence) =>
        new(kind, evidence.ToDictionary(one => one.Name, one => one.Value), now.AtBefore ?? now.OthersAt);
}
