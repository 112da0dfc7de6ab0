namespace NotificationServer.Platform;

/// What a process does. Every node does everything unless told otherwise.
internal enum NodeRole
{
    /// Answers services under /v1.
    Api,
    /// Sends: claims jobs and calls providers.
    Worker,
    /// The pages under /admin.
    Admin,
    /// Keeps house: rescues, expires, makes and drops partitions, vacuums. At least one node must have it.
    Scheduler,
}

/// The roles of this node: `Roles` of the configuration, `--roles api,worker`. Health is answered whatever they are.
internal sealed class NodeRoles
{
    public const string Key = "Roles";

    private readonly HashSet<NodeRole> roles;

    private NodeRoles(HashSet<NodeRole> roles) => this.roles = roles;

    public IReadOnlyList<string> Names => [.. Enum.GetValues<NodeRole>().Where(roles.Contains).Select(NameOf)];

    public bool Has(NodeRole role) => roles.Contains(role);

    public static NodeRoles Parse(string? text)
    {
        var all = Enum.GetValues<NodeRole>();
        var names = (text ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0)
            return new NodeRoles([.. all]);

        var roles = new HashSet<NodeRole>();
        foreach (var name in names)
        {
            var role = all.Where(known => NameOf(known).Equals(name, StringComparison.OrdinalIgnoreCase)).Cast<NodeRole?>().SingleOrDefault();
            roles.Add(role ?? throw new StartupException($"There is no role '{name}': use some of {string.Join(", ", all.Select(NameOf))}, or none for all of them."));
        }
        return new NodeRoles(roles);
    }

    private static string NameOf(NodeRole role) => role switch
    {
        NodeRole.Api => "api",
        NodeRole.Worker => "worker",
        NodeRole.Admin => "admin",
        NodeRole.Scheduler => "scheduler",
    };
}

/// For the folders' modules: what this node does not do is not started.
internal static class NodeRolesOfBuilder
{
    public static bool Plays(this IHostApplicationBuilder builder, NodeRole role) => NodeRoles.Parse(builder.Configuration[NodeRoles.Key]).Has(role);

    public static bool Plays(this WebApplication app, NodeRole role) => app.Services.GetRequiredService<NodeRoles>().Has(role);
}
