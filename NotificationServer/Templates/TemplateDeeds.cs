using NotificationServer.Platform;
using NotificationServer.Templates.Versions;

namespace NotificationServer.Templates;

/// What the audit log says of templates and partials: which version by whom, and what is around the words. The words themselves are in the
/// versions, which nobody changes.
internal static class TemplateDeeds
{
    public static AuditEntry Created(string key, string name, string? category, string actor, bool publish) => Of(actor, "template.create", key) with
    {
        After = new() { ["name"] = name, ["category"] = category, ["version"] = 1, ["published"] = publish ? 1 : null },
    };

    public static AuditEntry Written(string key, int version, int? restored, bool published, string actor) => Of(actor, "template.write", key) with
    {
        After = new() { ["version"] = version, ["restored_from"] = restored, ["published"] = published },
    };

    public static AuditEntry Published(string key, int? before, int version, string actor) => Of(actor, "template.publish", key) with
    {
        Before = new() { ["published"] = before }, After = new() { ["published"] = version },
    };

    public static AuditEntry RolledOut(string key, string partial, int? before, int version, string actor) => Of(actor, "template.publish", key) with
    {
        Before = new() { ["published"] = before }, After = new() { ["published"] = version, ["partial"] = partial },
    };

    public static AuditEntry Changed(string key, VersionWriter.LockedTemplate before, TemplateEdit after, int version, string actor) => Of(actor, "template.change", key) with
    {
        Before = Head(before.Name, before.Category, before.Archived, before.Tracking, before.Latest),
        After = Head(after.Name, after.Category, after.Archived, after.Tracking, version),
    };

    public static AuditEntry Archived(string key, bool archived, string actor) => Of(actor, archived ? "template.archive" : "template.restore", key) with
    {
        Before = new() { ["archived"] = !archived }, After = new() { ["archived"] = archived },
    };

    public static AuditEntry Partial(string verb, string key, string? name, int? before, int? version, string actor) =>
        new(actor, $"template_partial.{verb}", $"template_partial:{key}")
        {
            Before = before is null ? null : new() { ["version"] = before },
            After = version is null ? null : new() { ["name"] = name, ["version"] = version },
        };

    private static AuditEntry Of(string actor, string action, string key) => new(actor, action, $"template:{key}");

    private static Dictionary<string, object?> Head(string name, string? category, bool archived, TrackingSwitch tracking, int version) => new()
    {
        ["name"] = name, ["category"] = category, ["archived"] = archived, ["track_opens"] = tracking.Opens, ["track_clicks"] = tracking.Clicks, ["version"] = version,
    };
}
