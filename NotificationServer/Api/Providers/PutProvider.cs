using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Routing;

namespace NotificationServer.Api.Providers;

internal static class PutProvider
{
    public sealed record Request(
        [property: Description("The vendor: apns, fcm, twilio, sendgrid ...")] string Kind,
        [property: Description("The vendor's own settings, named as in the server's configuration but in snake_case")] JsonElement? Settings = null,
        [property: Description("Write only. Those named are set, or taken away where they are null; the others stay")] JsonElement? Secrets = null,
        [property: Description("Of those that the vendor carries; absent: all of them")] string[]? Channels = null,
        [property: Description("ISO 3166 countries; absent: everywhere")] string[]? Markets = null,
        [property: Description("Bundle ids or packages of the apps that it is for; absent: all")] string[]? Apps = null,
        [property: Description("The lowest is asked first; 0 to 999,999")] int Order = 100,
        [property: Description("Its share among the accounts of the same order; 1 to 1,000")] int Weight = 1,
        [property: Description("Calls a second over all nodes; null: no limit")] int? RatePerSecond = null,
        [property: Description("Messages a day; null: no limit")] int? DailyCap = null,
        [property: Description("For a new sender, which receivers must get used to")] WarmUpBody? WarmUp = null,
        bool Enabled = true,
        [property: Description("For the audit log")] string? Reason = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPut("/providers/{account}", HandleAsync)
        .RequireScope(Scopes.OpsWrite)
        .WithName(nameof(PutProvider))
        .WithMetadata(new VersionedEndpoint())
        .WithSummary("Add a provider account, or change all of one but its secrets")
        .WithDescription("Every node goes by it within two seconds; what is being sent comes to its end first. One of the key of an account in the server's configuration takes its place.")
        .WithRequestExample("""{"kind":"twilio","channels":["sms"],"markets":["DE","AT","CH"],"order":10,"weight":1,"rate_per_second":50,"daily_cap":null,"enabled":true,"settings":{"account_sid":"AC00000000000000000000000000000000","messaging_service_sid":"MG00000000000000000000000000000000"},"secrets":{"auth_token":"secret"},"reason":"a second account for Germany"}""");

    private static async Task<Results<Ok<ProviderView>, Created<ProviderView>, Problem>> HandleAsync(
        string account, Body<Request> body, AccountEditor editor, ProviderAccounts accounts, ProviderViews views, Caller caller, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var asked) is { } badTag) return badTag;
        if (!AccountRules.IsKey(account)) return Problems.InvalidParameter("path:account", "invalid_key", AccountRules.KeyWanted);
        var (row, wrong) = AccountRules.Check(account, Wish(body.Value));
        if (wrong.Count > 0) return Invalid(wrong);
        int? expected = null;
        if (asked is not null)
        {
            if (!int.TryParse(asked, out var version)) return Problems.VersionConflict();
            expected = version;
        }

        var edited = await editor.PutAsync(
            new AccountChange(row, body.Value.Settings ?? JsonElement.Parse("{}"), body.Value.Secrets ?? default, expected, caller.Actor, body.Value.Reason), ct);
        switch (edited.Status)
        {
            case AccountEdit.Invalid:
                return Invalid(edited.Problems ?? []);
            case AccountEdit.NoKey:
                return Problems.Conflict("no_key", "This server has no key to keep secrets under: set Secrets__provider_key, see docs/providers.md");
            case not AccountEdit.Stored:
                return Problems.VersionConflict();
        }
        var stored = edited.Account!; // there if stored
        http.SetETag(stored.Version);
        // The node has taken it over by now; were it changed again since, the later one is told.
        var view = await views.OfAsync(accounts.Find(account) ?? new ProviderAccount(stored.Key, stored.Vendor) { Channels = [], Row = stored }, ct);
        return stored.Version == 1 ? TypedResults.Created($"/v1/providers/{account}", view) : TypedResults.Ok(view);
    }

    internal static Problem Invalid(IReadOnlyList<SettingProblem> problems)
    {
        var errors = new FieldErrors();
        foreach (var problem in problems) errors.Add(problem.Pointer, problem.Code, problem.Message);
        return errors.ToProblem();
    }

    private static AccountWish Wish(Request request) => new(request.Kind)
    {
        Settings = request.Settings,
        Secrets = request.Secrets,
        Channels = request.Channels ?? [],
        Markets = request.Markets ?? [],
        Apps = request.Apps ?? [],
        Order = request.Order,
        Weight = request.Weight,
        RatePerSecond = request.RatePerSecond,
        DailyCap = request.DailyCap,
        WarmUp = request.WarmUp is { } plan ? new WarmUp(plan.StartDate, plan.FirstDay, plan.GrowthPerDay) : null,
        Enabled = request.Enabled,
        Reason = request.Reason,
    };
}
