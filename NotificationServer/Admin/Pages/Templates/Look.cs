using NotificationServer.Channels;
using NotificationServer.Templates.Lint;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Admin.Pages.Templates;

/// What there is to see of a draft: each channel as a person would get it, and what lint has to say.
internal sealed record Look(IReadOnlyList<ChannelPreview> Previews, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Names)
{
    public static readonly Look Nothing = new([], [], []);

    /// Whose eyes: a line under the preview.
    public string? Viewer { get; init; }

    public ChannelPreview? Email => Of(ChannelFamily.Email);
    public ChannelPreview? Sms => Of(ChannelFamily.Sms);
    public ChannelPreview? Push => Of(ChannelFamily.Push);

    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);

    private ChannelPreview? Of(ChannelFamily family) => Previews.FirstOrDefault(preview => preview.Family == family);
}
