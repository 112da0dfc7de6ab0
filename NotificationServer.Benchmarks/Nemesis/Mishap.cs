namespace NotificationServer.Benchmarks.Nemesis;

/// What a mishap is done to; two at a time only to different ones, or one would end the other.
internal enum Ground
{
    /// Our processes, and their ways to the database.
    Nodes,
    Database,
    Providers,
    /// Those who post, and those who operate.
    Clients,
}

/// One thing that goes wrong, and is over when it returns: what was stopped runs again, what was broken is whole.
internal sealed record Mishap(string Name, Ground Ground, Func<Stage, Turn, CancellationToken, Task> StrikeAsync);

/// A mishap as it was dealt. Everything that chance decides about it comes from its own dice, so that one seed gives one course of events
/// however long each of them takes.
internal sealed record Turn(Mishap Mishap, Random Dice, TimeSpan Lasting)
{
    /// What chance decided, for whoever reads along.
    public string Detail { get; set; } = "";

    public bool Coin() => Dice.Next(2) == 0;

    public T Pick<T>(IReadOnlyList<T> from) => from[Dice.Next(from.Count)];
}
