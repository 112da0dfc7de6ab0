using NotificationServer.Admin.Identity;

namespace NotificationServer.Tests.Admin;

/// Who may see the pages under a path, and who may change something there.
internal sealed record PageRule(string Prefix, string[] Readers, string[] Writers)
{
    /// Whom the page's code lets read it, where that is fewer than its attributes do.
    public string[] OpensTo { get; init; } = Readers;

    /// Handlers that ask for more than the page does; in code, where the page's attributes do not tell.
    public Dictionary<string, string[]> Handlers { get; init; } = [];
}

/// The rules as people agreed on them. A page that fits none of them fails the test: whoever adds a page says here whom it is for.
internal static class PageRules
{
    private static readonly string[] Everybody = [.. Roles.All];
    private static readonly string[] Administrators = [Roles.Administrator];
    private static readonly string[] Marketers = [Roles.Administrator, Roles.Marketer];
    private static readonly string[] Operators = [Roles.Administrator, Roles.Operator];

    /// Opened without signing in; every one of them is a step of coming in, or says why not.
    public static readonly string[] ForAnybody =
    [
        "/admin/denied", "/admin/error", "/admin/forgot", "/admin/invitation", "/admin/reset", "/admin/setup",
        "/admin/sign-in", "/admin/sign-in/code", "/admin/sign-in/company",
    ];

    private static readonly PageRule[] All =
    [
        // One's own.
        new("/admin/me", Everybody, Everybody),
        new("/admin/sign-out", Everybody, Everybody),
        new("/admin/theme", Everybody, Everybody),

        // What happens now.
        new("/admin", Everybody, Everybody),             // the overview itself; what stands below it has rules of its own
        new("/admin/queues", Everybody, Operators),
        new("/admin/nodes", Everybody, Operators),
        new("/admin/maintenance", Everybody, Operators),
        new("/admin/alerts", Everybody, Operators),
        new("/admin/failures", Everybody, Operators),
        new("/admin/operations", Everybody, Operators),
        new("/admin/messages", Everybody, Operators),

        // What we say and to whom.
        new("/admin/campaigns", Everybody, Marketers),
        new("/admin/campaigns/new", Marketers, Marketers),
        new("/admin/templates", Everybody, Marketers),
        new("/admin/new-template", Everybody, Marketers) { OpensTo = Marketers },
        new("/admin/segments", Everybody, Marketers),
        new("/admin/new-segment", Everybody, Marketers),
        new("/admin/users", Everybody, Marketers),
        new("/admin/users/{id}/edit", Everybody, Marketers) { OpensTo = Marketers },
        new("/admin/users/{id}/erase", Administrators, Administrators),
        new("/admin/new-user", Everybody, Marketers) { OpensTo = Marketers },
        new("/admin/blocked", Everybody, Marketers),
        new("/admin/suppressions", Everybody, Marketers),
        new("/admin/categories", Everybody, Marketers),
        new("/admin/new-category", Everybody, Marketers),

        // How it is set up.
        new("/admin/inbox", Everybody, Everybody),       // in Development; elsewhere it opens to who may read what was said
        new("/admin/settings", Everybody, Everybody),
        new("/admin/providers", Everybody, Operators),
        new("/admin/providers/{key}/edit", Administrators, Administrators),
        new("/admin/new-provider", Administrators, Administrators),
        new("/admin/routing", Administrators, Administrators),
        new("/admin/keys", Administrators, Administrators),
        new("/admin/people", Administrators, Administrators),
        new("/admin/webhooks", Everybody, Administrators),
        new("/admin/webhooks/new", Administrators, Administrators),
        new("/admin/audit", Operators, Operators),
    ];

    /// The longest that fits; the overview's own fits nothing below it.
    public static PageRule? For(string path) => All
        .Where(rule => path == rule.Prefix || (rule.Prefix != "/admin" && path.StartsWith(rule.Prefix + "/", StringComparison.Ordinal)))
        .MaxBy(rule => rule.Prefix.Length);
}
