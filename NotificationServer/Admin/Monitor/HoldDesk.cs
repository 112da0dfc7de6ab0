using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Monitor;

/// What a form says that holds a queue or an account: why, and for how many minutes (null: until somebody resumes it).
internal sealed record HoldForm(string? Reason, int? Minutes)
{
    public const int LongestReason = 500;

    public static readonly IReadOnlyList<(int? Minutes, string Words)> Times =
        [(null, "Until somebody resumes it"), (15, "For 15 minutes"), (30, "For 30 minutes"), (60, "For an hour"), (240, "For 4 hours"), (720, "For 12 hours"), (1440, "For a day")];

    public string? Problem => Trouble(Reason, required: true) ?? (Minutes is null or > 0 and <= 7 * 1440 ? null : "Choose for how long, up to a week.");

    public static string? Trouble(string? reason, bool required) => reason?.Trim() switch
    {
        null or "" => required ? "Say why: it stands beside the queue until it runs again." : null,
        { Length: > LongestReason } => $"At most {LongestReason} characters.",
        var text when text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) => "Letters, figures and signs only.",
        _ => null,
    };
}

/// Holds and resumes what exists, as the REST API does.
internal sealed class HoldDesk(SwitchBoard board, ProviderRoutes routes, ProviderAccounts accounts, Switches switches, TimeProvider clock)
{
    public bool Exists(SwitchKind kind, string name) => kind switch
    {
        SwitchKind.Channel => ChannelNames.TryParse(name, out _),
        // Also one that is configured no more: what is held can always be let go.
        SwitchKind.Account => accounts.Find(name) is not null || ChannelNames.All.Any(channel => routes.AccountsOf(channel).Contains(name)) || !switches.MayUse(name),
    };

    public Task<QueueSwitch> HoldAsync(SwitchKind kind, string name, SwitchMode mode, HoldForm form, string actor, CancellationToken ct) =>
        board.HoldAsync(kind, name, mode, (form.Reason ?? "").Trim(), form.Minutes is { } minutes ? clock.GetUtcNow().AddMinutes(minutes) : null, actor, ct);

    public Task ResumeAsync(SwitchKind kind, string name, string? reason, string actor, CancellationToken ct) =>
        board.ResumeAsync(kind, name, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(), actor, ct);
}
