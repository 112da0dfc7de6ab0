using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages;

/// Is everything all right? If not: what, since when, for how many, and the way to mend it.
internal sealed class OverviewModel(OutlookReader reader) : PageModel
{
    public Outlook Outlook { get; private set; } = null!; // every handler reads it
    public IReadOnlyList<Concern> Concerns { get; private set; } = [];
    public string Sentence => Monitor.Concerns.Answer(Outlook, Concerns);
    public bool CanOperate => User.IsInRole(Roles.Administrator) || User.IsInRole(Roles.Operator);

    public IReadOnlyList<DateTimeOffset> Minutes => ChannelState.Minutes(Outlook.Now);

    public IReadOnlyList<ChartSeries> Flow =>
    [
        new("In", "accent", ChannelState.Sums(All, Minutes, point => point.Came)),
        new("Out", "ok", ChannelState.Sums(All, Minutes, point => point.Went)),
        new("Failed", "fail", ChannelState.Sums(All, Minutes, point => point.Failed)),
    ];

    private IEnumerable<Queue.FlowPoint> All => Outlook.Channels.SelectMany(channel => channel.Flow);

    public async Task OnGetAsync(CancellationToken ct)
    {
        Outlook = await reader.ReadAsync(ct);
        Concerns = Monitor.Concerns.Of(Outlook);
    }

    /// fail or warn; null: nothing is wrong with it.
    public string? ToneOf(ChannelState channel) => Concerns.FirstOrDefault(concern => concern.Channel == channel.Channel)?.Tone;

    public static string DetailOf(ChannelState channel) => channel switch
    {
        { IsPaused: true } => "paused",
        { IsDraining: true } => "draining",
        { Oldest: { } oldest } => $"oldest {Figures.Age(oldest)}",
        { Processing: > 0 } => $"{Words.Number(channel.Processing)} being sent",
        { Scheduled: > 0 } => $"{Words.Number(channel.Scheduled)} for later",
        _ => "nothing waits",
    };

    public static string Change(Volume volume)
    {
        if (volume.LastWeek == 0) return volume.Today == 0 ? "–" : "new";
        var percent = Math.Round((volume.Today - volume.LastWeek) * 100.0 / volume.LastWeek);
        return percent > 999 ? "more than tenfold" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(percent > 0 ? "+" : "")}{percent}%");
    }
}
