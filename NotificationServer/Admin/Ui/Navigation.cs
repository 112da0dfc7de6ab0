using System.Security.Claims;
using NotificationServer.Admin.Identity;

namespace NotificationServer.Admin.Ui;

/// One place that can be gone to: by the menu, or by `g` and its letter. OnlyLive: for whom it is where the server is not a developer's own.
internal sealed record MenuEntry(
    string Title, string Path, string Icon, string? Letter = null, string[]? Only = null, string[]? Also = null, string[]? OnlyLive = null)
{
    public bool IsFor(ClaimsPrincipal person, IHostEnvironment environment) =>
        (environment.IsDevelopment() ? Only : OnlyLive ?? Only) is not { } roles || roles.Any(person.IsInRole);

    /// Where a person is: the place whose path begins theirs.
    public bool Holds(string path) => Path == "/"
        ? path is "" or "/"
        : new[] { Path }.Concat(Also ?? []).Any(start => path.Equals(start, StringComparison.OrdinalIgnoreCase)
            || path.StartsWith(start + "/", StringComparison.OrdinalIgnoreCase));
}

internal static class Navigation
{
    private static readonly string[] Administrators = [Roles.Administrator];

    /// In groups: what happens now, what we say and to whom, how it is set up.
    public static IReadOnlyList<IReadOnlyList<MenuEntry>> Groups { get; } =
    [
        [
            new("Overview", "/", "overview", "o"),
            new("Queues", "/queues", "queues", "q", Also: ["/nodes", "/maintenance"]),
            new("Failures", "/failures", "warn", "f", Also: ["/operations"]),
            new("Messages", "/messages", "search", "m"),
        ],
        [
            new("Campaigns", "/campaigns", "campaigns", "c"),
            new("Segments", "/segments", "segments", "e", Also: ["/new-segment"]),
            new("Templates", "/templates", "templates", "t", Also: ["/new-template"]),
            new("Users", "/users", "users", "u", Also: ["/new-user"]),
            new("Blocked", "/blocked", "blocked", "b", Also: ["/suppressions"]),
        ],
        [
            new("Providers", "/providers", "providers", "p", Also: ["/new-provider", "/routing"]),
            new("Inbox", "/inbox", "inbox", "i", OnlyLive: Roles.Readers),
            new("Settings", "/settings", "settings", "s", Also: ["/categories", "/new-category", "/keys", "/people", "/webhooks", "/alerts", "/audit"]),
        ],
    ];

    public static IReadOnlyList<MenuEntry> Settings { get; } =
    [
        new("Categories", "/categories", "templates", Also: ["/new-category"]),
        new("API keys", "/keys", "keys", Only: Administrators),
        new("People", "/people", "users", Only: Administrators),
        new("Webhooks", "/webhooks", "out"),
        new("Alerts", "/alerts", "warn"),
        new("Audit log", "/audit", "docs", "a", Only: [Roles.Administrator, Roles.Operator]),
    ];
}
