using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using NotificationServer.Admin.Identity.SecondFactor;

namespace NotificationServer.Admin.Identity;

/// What a person may do. The rows are made by the migration.
internal static class Roles
{
    public const string Administrator = nameof(Administrator);
    public const string Marketer = nameof(Marketer);
    public const string Operator = nameof(Operator);
    public const string Viewer = nameof(Viewer);

    public static readonly IReadOnlyList<string> All = [Administrator, Marketer, Operator, Viewer];

    /// Who may read what was said to a person, on record.
    public static readonly string[] Readers = [Administrator, Marketer, Operator];

    /// "an administrator and a marketer"
    public static string Named(IEnumerable<string> roles) =>
        string.Join(" and ", All.Intersect(roles).Select(role => role is Administrator or Operator ? $"an {role.ToLowerInvariant()}" : $"a {role.ToLowerInvariant()}"));

    /// What each may do, for those who give it.
    public static string Means(string role) => role switch
    {
        Administrator => "Everything, and who else may come in.",
        Marketer => "Campaigns, segments, templates, users, blocked people and categories.",
        Operator => "Queues, failures, providers; sees addresses masked.",
        Viewer => "Looks at everything, changes nothing; sees addresses masked.",
        _ => "",
    };
}

/// What a page asks for. Everything under /admin asks at least for <see cref="SignedIn"/>; a page that changes something asks for more.
internal static class Policies
{
    public const string SignedIn = "admin.signed-in";
    public const string Marketing = "admin.marketing";
    public const string Operations = "admin.operations";
    public const string QueueMonitor = "admin.queue-monitor";
    public const string Administration = "admin.administration";

    public static void Add(AuthorizationOptions options)
    {
        Allow(options, SignedIn, Roles.Administrator, Roles.Marketer, Roles.Operator, Roles.Viewer);
        Allow(options, Marketing, Roles.Administrator, Roles.Marketer);
        Allow(options, Operations, Roles.Administrator, Roles.Operator);
        Allow(options, QueueMonitor, Roles.Administrator, Roles.Operator, Roles.Viewer);
        Allow(options, Administration, Roles.Administrator);
    }

    // The scheme is named, so that an API key never opens a page and a cookie never calls the API.
    private static void Allow(AuthorizationOptions options, string policy, params string[] roles) =>
        options.AddPolicy(policy, new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme)
            .RequireAuthenticatedUser().RequireRole(roles).AddRequirements(new SecondFactorRequirement()).Build());
}
