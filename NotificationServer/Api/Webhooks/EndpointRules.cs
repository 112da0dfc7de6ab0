using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

/// What an endpoint may be, and what its owner may hear.
internal static class EndpointRules
{
    public static EndpointWish Check(string url, string[] types, string? description, bool enabled, TargetRules rules, FieldErrors errors)
    {
        var (wish, problems) = WishRules.Check(url, types, description, enabled, rules);
        foreach (var problem in problems) errors.Add(problem.Pointer, problem.Code, problem.Message);
        return wish;
    }

    /// Nobody hears by a webhook what their key may not read. Null: the key may read all of these.
    public static Problem? Refuse(this Caller caller, IEnumerable<string> types) =>
        types.Select(ScopeOf).FirstOrDefault(scope => !caller.Scopes.Contains(scope)) is { } missing ? Problems.MissingScope(missing) : null;

    private static string ScopeOf(string type) => type.Split('.')[0] switch
    {
        "notification" or "message" => Scopes.NotificationsRead,
        "preference" => Scopes.PreferencesWrite,
        "device" => Scopes.UsersWrite,
        "campaign" => Scopes.CampaignsWrite,
        _ => Scopes.OpsRead,
    };

    public static Problem NoKey() =>
        Problems.Conflict("no_key", "This server has no key to keep secrets under: set Secrets__provider_key, see docs/providers.md");
}
