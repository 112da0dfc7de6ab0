namespace NotificationServer.Watch;

/// What a threshold is a number of.
internal enum Measure
{
    /// There is none: it is so, or it is not.
    None,
    Seconds,
    /// 0.05 is five of a hundred.
    Share,
    Count,
}

/// A kind of alert, and from when on it is one: When, in which {0} stands for the threshold. Those of other folders' making have no rule here, only
/// a name and somebody to tell.
internal sealed record AlertRule(string Kind, string Title, string When, Measure Measure = Measure.None)
{
    public double Threshold { get; init; }
    /// It must have been so for this long.
    public TimeSpan Lasting { get; init; }
    public bool Enabled { get; init; } = true;
    /// Who is told; null: everybody who is configured.
    public IReadOnlyList<string>? Channels { get; init; }
    /// Looked at here, so that threshold and duration can be set.
    public bool IsWatched { get; init; } = true;
    /// Somebody has set it otherwise than the server would.
    public bool IsChanged { get; init; }

    public const string OldestCritical = "oldest_waiting_critical", OldestTransactional = "oldest_waiting_transactional", OldestBulk = "oldest_waiting_bulk";
    public const string FailureRate = "failure_rate", DeadLetters = "dead_letters", CrashLoop = "crash_loop";
    public const string BreakerOpen = "breaker_open", GateClosed = "gate_closed";
    public const string NodeLost = "node_lost", RoleMissing = "role_missing";
    public const string PartitionMissing = "partition_missing", BooksUnchecked = "books_unchecked", OldTransaction = "old_transaction", SendingHeld = "sending_held";

    /// As the server has them. The threshold of a wait is the whole of its patience: it need not last besides.
    public static readonly IReadOnlyList<AlertRule> All =
    [
        new(OldestCritical, "A critical message waits", "the oldest critical message of a channel has been due for longer than {0}", Measure.Seconds) { Threshold = 30 },
        new(OldestTransactional, "A transactional message waits", "the oldest transactional message of a channel has been due for longer than {0}", Measure.Seconds) { Threshold = 120 },
        new(OldestBulk, "A bulk message waits", "the oldest bulk message of a channel has been due for longer than {0}", Measure.Seconds) { Threshold = 1800 },
        new(FailureRate, "Many messages fail", "of what ended on a channel in 15 minutes, 20 messages or more and {0} failed", Measure.Share) { Threshold = 0.05 },
        new(DeadLetters, "Dead letters pile up", "{0} or more messages of a channel failed for good within 5 minutes", Measure.Count) { Threshold = 50 },
        new(CrashLoop, "Messages were set aside", "{0} or more messages were quarantined in the last hour, because nodes died with them again and again", Measure.Count) { Threshold = 1 },
        new(BreakerOpen, "A provider is left alone", "the breaker of a provider account is open or half open") { Lasting = TimeSpan.FromSeconds(30) },
        new(GateClosed, "A provider asked us to wait", "a provider account has asked for quiet and is not called") { Lasting = TimeSpan.FromMinutes(1) },
        new(NodeLost, "A node fell silent", "a node has said neither that it is alive nor good-bye for longer than {0}", Measure.Seconds) { Threshold = 30 },
        new(RoleMissing, "A role is not played", "no living node has a role that is needed (api, worker)") { Lasting = TimeSpan.FromSeconds(20) },
        new(PartitionMissing, "A day of the log is missing", "there are tables for only {0} more days, or fewer", Measure.Count) { Threshold = 2 },
        new(BooksUnchecked, "Nobody checks the books", "the books were last checked longer than {0} ago", Measure.Seconds) { Threshold = 600, Lasting = TimeSpan.FromMinutes(1) },
        new(SendingHeld, "Sending is held", "the database is an older copy or a copy elsewhere, and nothing is sent until a person decides"),
        new(OldTransaction, "An old transaction holds up cleaning", "a transaction in the database has been open for longer than {0}", Measure.Seconds) { Threshold = 300 },

        // Raised where they are found out; here so that people can say who is told.
        Told("accepted_not_accounted_for", "The books do not balance", "what was accepted is not what became of it"),
        Told("queued_without_job", "Queued messages without a job", "messages are queued and nobody will send them"),
        Told("job_without_message", "Jobs without a message", "the queue holds what is no message"),
        Told("counter_drift", "A counter is wrong", "a counter differs from the rows that it counts"),
        Told("campaign_paused", "A campaign was paused", "a campaign stopped itself, because too much of it failed"),
        Told("webhook_disabled", "A webhook was switched off", "a receiver was gone, or failed for days"),
    ];

    public static AlertRule? Find(string kind) => All.FirstOrDefault(rule => rule.Kind == kind);

    private static AlertRule Told(string kind, string title, string when) => new(kind, title, when) { IsWatched = false };
}

/// Something that is so now. Detail is what people are shown of it.
internal sealed record Sighting(string Kind, string Key, IReadOnlyDictionary<string, object> Detail);
