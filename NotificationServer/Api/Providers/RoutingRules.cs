using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Api.Operations;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Routing;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Providers;

internal static class RoutingRules
{
    private const int MostRules = 500;
    private const int MostAccounts = 20;
    private const int LongestName = 200;

    public sealed record Request([property: Description("In their order: the first that fits a message decides")] RuleBody[] Rules, string? Reason = null);

    public sealed record Response(IReadOnlyList<RuleBody> Rules, int Version);

    /// What is absent or empty does not matter. `accounts`: who carries what fits, in this order, and nobody else.
    public sealed record RuleBody(
        [property: Description("What messages keep as their route_rule")] string Key,
        string[] Accounts,
        [property: Description("push, sms, email or one channel like ios_push")] string[]? Channels = null,
        [property: Description("ISO 3166: of the phone number for SMS, else of the user")] string[]? Countries = null,
        [property: Description("Bundle ids or packages")] string[]? Apps = null,
        string[]? Categories = null,
        string[]? Templates = null);

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapGet("/routing-rules", Get)
            .RequireScope(Scopes.OpsRead)
            .WithName("GetRoutingRules")
            .WithSummary("The rules that say which accounts carry what");
        v1.MapPut("/routing-rules", PutAsync)
            .RequireScope(Scopes.OpsWrite)
            .WithName("PutRoutingRules")
            .WithMetadata(new VersionedEndpoint())
            .WithSummary("Replace the routing rules, all at once")
            .WithDescription("Every node goes by them within two seconds. A message that no rule fits goes through every account of its channel, market and app, by order and weight.")
            .WithRequestExample("""{"rules":[{"key":"codes-in-europe","channels":["sms"],"countries":["DE","AT","CH"],"categories":["security"],"accounts":["twilio-eu"]}],"reason":"a faster way for codes"}""");
    }

    private static Ok<Response> Get(ProviderAccounts accounts, HttpContext http)
    {
        var now = accounts.Current;
        http.SetETag(now.RulesVersion);
        return TypedResults.Ok(new Response([.. now.Rules.Select(View)], now.RulesVersion));
    }

    private static async Task<Results<Ok<Response>, Problem>> PutAsync(
        Body<Request> body, RoutingEditor editor, ProviderAccounts accounts, Caller caller, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var asked) is { } badTag) return badTag;
        var errors = new FieldErrors();
        var rules = body.Value.Rules;
        errors.Check(rules.Length <= MostRules, "/rules", "too_many", "At most 500 rules");
        errors.CheckText(body.Value.Reason, "/reason", ReasonText.Longest, required: false);
        for (var i = 0; i < Math.Min(rules.Length, MostRules); i++) Check(rules, i, accounts, errors);
        if (errors.Any) return errors.ToProblem();
        int? expected = null;
        if (asked is not null)
        {
            if (!int.TryParse(asked, out var known)) return Problems.VersionConflict();
            expected = known;
        }

        var version = await editor.PutAsync([.. rules.Select(Rule)], expected, caller.Actor, body.Value.Reason, ct);
        if (version is null) return Problems.VersionConflict();
        http.SetETag(version.Value);
        return TypedResults.Ok(new Response(rules, version.Value));
    }

    private static void Check(RuleBody[] rules, int index, ProviderAccounts accounts, FieldErrors errors)
    {
        var at = $"/rules/{index}";
        if (rules[index] is not { } rule)
        {
            errors.Add(at, "required", "A rule must not be null");
            return;
        }
        errors.Check(AccountRules.KeyForm().IsMatch(rule.Key) && rule.Key != AccountRoute.Pinned, $"{at}/key", "invalid_key", "1 to 63 of a-z 0-9 _ -; pinned is taken");
        errors.Check(Array.FindIndex(rules, one => one?.Key == rule.Key) == index, $"{at}/key", "duplicate_key", "Another rule is called so");
        PutProvider.CheckList(rule.Channels, $"{at}/channels", name => ChannelNames.Expand(name).Count > 0, "unknown_channel", "Use push, sms, email or one channel like ios_push", errors);
        PutProvider.CheckList(rule.Countries, $"{at}/countries", Place.IsCountry, "unknown_country", "Use two capital letters of ISO 3166", errors);
        PutProvider.CheckList(rule.Apps, $"{at}/apps", app => AccountRules.AppForm().IsMatch(app), "invalid_app", "Use a bundle id or package", errors);
        PutProvider.CheckList(rule.Categories, $"{at}/categories", IsName, "invalid_text", "Use the key of a category", errors);
        PutProvider.CheckList(rule.Templates, $"{at}/templates", IsName, "invalid_text", "Use the key of a template", errors);
        errors.Check(rule.Accounts.Length is > 0 and <= MostAccounts, $"{at}/accounts", "invalid_count", "Name 1 to 20 accounts");
        PutProvider.CheckList(rule.Accounts, $"{at}/accounts", key => accounts.Find(key) is not null, "unknown_provider", "There is no provider account of this key", errors);
    }

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && !text.Any(char.IsControl);

    private static RoutingRule Rule(RuleBody body) => new()
    {
        Key = body.Key,
        Channels = body.Channels ?? [],
        Countries = body.Countries ?? [],
        Apps = body.Apps ?? [],
        Categories = body.Categories ?? [],
        Templates = body.Templates ?? [],
        Accounts = body.Accounts,
    };

    private static RuleBody View(RoutingRule rule) => new(rule.Key, rule.Accounts, rule.Channels, rule.Countries, rule.Apps, rule.Categories, rule.Templates);
}
