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

namespace NotificationServer.Api.Providers;

internal static class RoutingRules
{
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
        errors.CheckText(body.Value.Reason, "/reason", ReasonText.Longest, required: false);
        foreach (var (i, rule) in rules.Index()) errors.Check(rule is not null, $"/rules/{i}", "required", "A rule must not be null");
        if (Array.TrueForAll(rules, rule => rule is not null))
            foreach (var problem in RoutingRuleCheck.Of([.. rules.Select(Rule)], accounts)) errors.Add(problem.Pointer, problem.Code, problem.Message);
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
