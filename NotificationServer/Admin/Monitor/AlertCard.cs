using NotificationServer.Queue;
using NotificationServer.Watch;

namespace NotificationServer.Admin.Monitor;

/// An open alert as it is shown: with who does not want to hear of it.
internal sealed record AlertCard(AlertInfo Alert, Mute? Mute, bool CanOperate)
{
    public const int LongestReason = 500;

    public static readonly IReadOnlyList<(int Minutes, string Words)> Times =
        [(30, "For 30 minutes"), (60, "For an hour"), (240, "For 4 hours"), (1440, "For a day"), (10080, "For a week")];

    /// The narrower of two.
    public static Mute? MuteOf(AlertInfo alert, IReadOnlyList<Mute> mutes) =>
        mutes.Where(mute => mute.Kind == alert.Kind && (mute.Key.Length == 0 || mute.Key == alert.Key)).MaxBy(mute => mute.Key.Length);

    public static string? Trouble(string? reason, int minutes) => reason?.Trim() switch
    {
        null or "" => "Say why: it stands beside the alert while nobody is told of it.",
        { Length: > LongestReason } => $"At most {LongestReason} characters.",
        var text when text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) => "Letters, figures and signs only.",
        _ => Times.Any(time => time.Minutes == minutes) ? null : "Choose for how long.",
    };
}
