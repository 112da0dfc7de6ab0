using NotificationServer.Admin.Ui;
using NotificationServer.Channels;

namespace NotificationServer.Admin.Pages.Providers;

/// The door of an account, as all nodes share it.
internal sealed record DoorRow
{
    public required string Account { get; init; }
    public DateTimeOffset? NotBefore { get; init; }
    public string? Reason { get; init; }
    public required string Breaker { get; init; }
    public DateTimeOffset? OpenedAt { get; init; }
    public DateTimeOffset? OpenUntil { get; init; }
}

internal sealed record PauseRow(string Account, string Reason, DateTimeOffset? Until, string ChangedBy, DateTimeOffset ChangedAt);

/// Of the newest calls of all nodes: as many as are looked at, in the last quarter of an hour.
internal sealed record LatelyRow(string Account, long Calls, long Failures, double PerSecond, DateTimeOffset LastAt, string? LastError, DateTimeOffset? LastErrorAt)
{
    public double FailureShare => Calls == 0 ? 0 : (double)Failures / Calls;
}

/// What is known of an account at this moment, and what of that a tired person must hear first.
internal sealed record AccountCard(ProviderAccount Account, DateTimeOffset Now)
{
    public DoorRow? Door { get; init; }
    public PauseRow? Pause { get; init; }
    public LatelyRow? Lately { get; init; }
    public long Today { get; init; }
    public (string Text, DateTimeOffset At)? LastError { get; init; }

    public string Key => Account.Key;
    public long? Most => Account.Limits.MostOn(DateOnly.FromDateTime(Now.UtcDateTime));
    public bool IsDayFull => Most is { } most && Today >= most;
    public bool IsClosed => Door is { Breaker: not "closed" };
    public bool IsQuiet => Door?.NotBefore > Now;
    public bool IsRefused => IsClosed && Door?.Reason?.StartsWith("misconfigured", StringComparison.Ordinal) == true;
    public bool IsDrill => IsClosed && Door?.Reason?.StartsWith("drill", StringComparison.Ordinal) == true;
    /// It may be called now.
    public bool Sends => Account.IsUsable && Pause is null && !IsClosed && !IsQuiet && !IsDayFull;

    public (string Tone, string Text) State => this switch
    {
        { Account.Enabled: false } => ("off", "Disabled"),
        { Account.Problem: not null } => ("fail", "Cannot be used"),
        { Pause: not null } => ("warn", "Paused"),
        { IsRefused: true } => ("fail", "Credentials refused"),
        { IsDrill: true } => ("warn", "Drill"),
        { Door.Breaker: "open" } => ("fail", "Failing, left alone"),
        { Door.Breaker: "half_open" } => ("warn", "Finding out"),
        { IsQuiet: true } => ("wait", "Asked for quiet"),
        { IsDayFull: true } => ("wait", "Full for today"),
        { Lately: { FailureShare: >= 0.1 } } => ("warn", "Sending, some fail"),
        { Lately: not null } => ("ok", "Sending"),
        _ => ("ok", "Ready"),
    };

    /// The state in one sentence, with why and until when.
    public string Sentence => this switch
    {
        { Account.Enabled: false } => "It is disabled: nothing new is sent through it.",
        { Account.Problem: { } problem } => $"It cannot be used on this node: {problem}.",
        { Pause: { } pause } => $"{Authors.Name(pause.ChangedBy)} paused it {Words.Ago(pause.ChangedAt, Now)}{(pause.Until is { } until ? $", until {Words.Exact(until)}" : "")}: {pause.Reason}",
        { IsRefused: true } => $"The vendor has refused our credentials{Since}: {Door!.Reason}.",
        { Door: { Breaker: "open", Reason: { } reason } } => $"It has been left alone{Since} ({reason}){(Door.OpenUntil > Now ? $"; one call finds out {Words.Ago(Door.OpenUntil.Value, Now)} whether it works" : "; the next call finds out whether it works")}.",
        { IsClosed: true } => $"One call is finding out whether it works again; it was closed{Since}.",
        { IsQuiet: true } => $"The vendor asked us to wait until {Words.Exact(Door!.NotBefore!.Value)} ({Door.Reason}).",
        { IsDayFull: true } => $"All {Words.Number(Today)} calls of today are used up; it goes on at midnight UTC.",
        { Lately: { } lately } => $"It sends: {Words.Number(lately.Calls)} of the newest calls went through it, {Words.Number(lately.Failures)} failed.",
        _ => "It may be called; nothing went through it in the last quarter of an hour.",
    };

    public string Failing => Lately is null ? "–" : Lately.Failures == 0 ? "0%" : $"{Math.Max(0.1, 100 * Lately.FailureShare):0.#}%";

    public string Rate => (Lately?.PerSecond ?? 0, Account.Limits.RatePerSecond) switch
    {
        (0, null) => "–",
        (var now, null) => $"{now:0.#} a second",
        var (now, most) => $"{now:0.#} of {Words.Number(most.Value)} a second",
    };

    public string Day => Most is { } most ? $"{Words.Number(Today)} of {Words.Number(most)}" : "no limit";

    private string Since => Door?.OpenedAt is { } at ? $" since {Words.Exact(at)}" : "";
}
