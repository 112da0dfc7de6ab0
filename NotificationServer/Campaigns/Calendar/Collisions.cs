namespace NotificationServer.Campaigns.Calendar;

/// What is planned, against the limits on how often people are told something.
internal static class Collisions
{
    /// By time. What goes to the inbox only takes nothing from anybody. A run that ignores the limits is never one too many, but it counts: it takes its place in a person's allowance.
    public static IReadOnlyList<Collision> Of(IReadOnlyList<PlannedRun> runs, IReadOnlyList<CategoryLimit> limits)
    {
        var found = new List<Collision>();
        foreach (var limit in limits)
        {
            var concerned = runs.Where(run => !run.Sandbox && run.Categories.Contains(limit.Key)).OrderBy(run => run.At).ThenBy(run => run.CampaignId).ToList();
            for (var i = limit.Count; i < concerned.Count; i++)
            {
                var run = concerned[i];
                if (!run.RespectsLimits) continue;
                // On each kind of channel by itself; the fullest one decides what is told.
                var before = run.Families
                    .Select(family => concerned.Take(i).Where(other => other.At > run.At - limit.Per && other.Families.Contains(family)).ToList())
                    .MaxBy(others => others.Count);
                if (before is not null && before.Count >= limit.Count) found.Add(new Collision(limit, run, before));
            }
        }
        return [.. found.OrderBy(collision => collision.Run.At)];
    }
}
