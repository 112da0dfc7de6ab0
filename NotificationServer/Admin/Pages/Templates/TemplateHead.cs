using NotificationServer.Admin.Ui;
using NotificationServer.Templates;
using Words = NotificationServer.Admin.Ui.Words;

namespace NotificationServer.Admin.Pages.Templates;

internal sealed record VersionRow(int Version, int? RestoredFrom, DateTimeOffset CreatedAt, string CreatedBy);

/// A template and its versions, the newest first.
internal sealed record TemplateHead(StoredTemplate Template, IReadOnlyList<VersionRow> Versions)
{
    /// More nobody scrolls through.
    public const int MostVersions = 200;

    public string Key => Template.Key;
    public string Name => Template.Name;
    public int Latest => Template.Latest;
    public int? Published => Template.Published;

    public bool IsArchived => Template.IsArchived;

    public string Sentence(DateTimeOffset now)
    {
        if (IsArchived) return "It is archived: new notifications and campaigns cannot use it.";
        var last = Versions[0];
        var who = $"{Authors.Name(last.CreatedBy)} saved {Words.Ago(last.CreatedAt, now)}";
        return Published switch
        {
            null => $"Nobody gets it yet: version {Latest} is a draft that {who}.",
            { } used when used == Latest => $"Version {used} is in use; {who}.",
            { } used => $"Version {used} is in use. Version {Latest} is a draft that {who}.",
        };
    }
}
