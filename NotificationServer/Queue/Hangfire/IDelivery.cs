namespace NotificationServer.Queue.Hangfire;

/// The sending, as this engine sees it. An interface because the call goes against the walk: Hangfire's workers start in this
/// folder, and what they do is Delivery's, which this folder must not know.
internal interface IDelivery
{
    /// What may be started in this channel now, as operators and providers have it.
    Openness Ask(string channel);

    /// One attempt of a leased job, from the last look at the person's wishes to the stored result.
    Task RunAsync(Job job);
}

/// Not null: nothing may be started, look again after that time. One: as long as nothing else is under way.
internal readonly record struct Openness(TimeSpan? Closed, bool One);
