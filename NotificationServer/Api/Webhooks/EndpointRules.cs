using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Api.Webhooks;

/// What an endpoint may be.
internal static class EndpointRules
{
    public const int LongestDescription = 200;

    public static EndpointWish Check(string url, string[] types, string? description, bool enabled, TargetRules rules, FieldErrors errors)
    {
        if (rules.Refuse(url, out var target) is { } refusal) errors.Add("/url", refusal.Code, refusal.Message);
        errors.Check(types.Length is > 0 && types.Length <= EventTypes.All.Count, "/event_types", "invalid_count", "Name at least one event type, and each once");
        for (var i = 0; i < Math.Min(types.Length, EventTypes.All.Count); i++)
        {
            errors.Check(EventTypes.All.Contains(types[i]), $"/event_types/{i}", "unknown_event_type", $"One of {string.Join(", ", EventTypes.All)}");
            errors.Check(Array.IndexOf(types, types[i]) == i, $"/event_types/{i}", "duplicate", "Said twice");
        }
        errors.CheckText(description, "/description", LongestDescription, required: false);
        return new EndpointWish(target, types, description, enabled);
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
