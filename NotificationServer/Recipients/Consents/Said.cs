using System.Net;
using NotificationServer.Platform;

namespace NotificationServer.Recipients.Consents;

/// One word of a person: this family of channels (push, sms, email), for this category (empty: for all), or not.
internal sealed record Word(string Channel, string Category, bool OptIn);

/// How it was said: what makes a word a consent that can be proven.
internal sealed record Said
{
    /// unsubscribe_link, preference_page, sms_stop, or what a client calls it.
    public required string Source { get; init; }
    /// Who wrote it down; null: the person.
    public string? Actor { get; init; }
    /// Which words they were shown.
    public string? TextVersion { get; init; }
    public IPAddress? Ip { get; init; }
    /// When it was said, if not now.
    public DateTimeOffset? OccurredAt { get; init; }
    /// What the audit log keeps where a colleague wrote it down for the person.
    public AuditEntry? Audit { get; init; }
}
