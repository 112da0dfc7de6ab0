namespace NotificationServer.Campaigns.Reports;

/// One message to one person of a run; or the person, where there is no message: to come, or withdrawn.
internal sealed record RecipientRow
{
    public const string ToCome = "to_come", Withdrawn = "withdrawn";

    /// The statuses that a list can be asked for.
    public static IReadOnlyList<string> Statuses { get; } =
        ["queued", "sent", "delivered", "bounced", "failed", "suppressed", "expired", "cancelled", ToCome, Withdrawn];

    /// Null: erased.
    public string? UserId { get; init; }
    public Guid? MessageId { get; init; }
    public string? Channel { get; init; }
    /// As of a message: queued, scheduled, sending, sent, ...; to_come; withdrawn.
    public required string Status { get; init; }
    public string? Reason { get; init; }
    public string? Provider { get; init; }
    public string? ErrorCode { get; init; }
    public string? Template { get; init; }
    public int? TemplateVersion { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? SentAt { get; init; }
    /// opened_human, clicked_machine, unsubscribed, ... with commas between; null: nothing.
    public string? Did { get; init; }

    public IReadOnlyList<string> Engagement => Did?.Split(',') ?? [];
}

/// What somebody did with a message, or did not though it was sent. Opens and clicks of machines are nobody's.
internal sealed record Doing(string Kind, bool IsDone)
{
    private const string Not = "not_";

    public static IReadOnlyList<string> Names { get; } = ["opened", "clicked", "replied", "unsubscribed", "complained", Not + "opened", Not + "clicked"];

    /// Null: it is none of the names.
    public static Doing? Of(string? name) =>
        name is null || !Names.Contains(name) ? null
        : name.StartsWith(Not, StringComparison.Ordinal) ? new Doing(name[Not.Length..], IsDone: false) : new Doing(name, IsDone: true);
}

/// Which of them; what is null does not matter.
internal sealed record RecipientFilter
{
    public string? Status { get; init; }
    public IReadOnlyList<string>? Channels { get; init; }
    /// As their messages have it; empty: of whom none is known.
    public string? Locale { get; init; }
    public Doing? Did { get; init; }
    /// A user's id.
    public string? Person { get; init; }

    public bool IsEmpty => this is { Status: null, Channels: null, Locale: null, Did: null, Person: null };

    public bool IsOfPeople => Status is RecipientRow.ToCome or RecipientRow.Withdrawn;
}

/// Next: where it goes on; null: that was all. WasCutOff: it had looked through as many as it may before it found a whole page.
internal sealed record RecipientPage(IReadOnlyList<RecipientRow> Rows, string? Next, bool WasCutOff);
