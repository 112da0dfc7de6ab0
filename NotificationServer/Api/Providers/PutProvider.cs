using System.ComponentModel;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Api.Operations;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Api.Providers;

internal static partial class PutProvider
{
    private const int MostListed = 300;
    private const int MostCalls = 1_000_000_000;
    private static readonly string[] Reserved = ["inbox", "none", AccountRoute.Pinned];

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
        if (!KeyForm().IsMatch(account) || Reserved.Contains(account))
            return Problems.InvalidParameter("path:account", "invalid_key", "1 to 63 of a-z 0-9 _ -, beginning with a letter or digit; inbox, none and pinned are taken");
        var errors = new FieldErrors();
        var row = Check(account, body.Value, errors);
        if (errors.Any) return errors.ToProblem();
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
                foreach (var problem in edited.Problems ?? []) errors.Add(problem.Pointer, problem.Code, problem.Message);
                return errors.ToProblem();
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

    private static StoredAccount Check(string key, Request request, FieldErrors errors)
    {
        errors.Check(request.Settings is null or { ValueKind: JsonValueKind.Object or JsonValueKind.Null }, "/settings", "not_an_object", "Use a JSON object");
        CheckSecrets(request.Secrets, errors);
        var channels = (request.Channels ?? []).SelectMany((name, i) => Channels(name, $"/channels/{i}", errors)).Distinct().ToArray();
        CheckList(request.Markets, "/markets", Place.IsCountry, "unknown_country", "Use two capital letters of ISO 3166", errors);
        CheckList(request.Apps, "/apps", app => AppForm().IsMatch(app), "invalid_app", "Use a bundle id or package, like com.example.app", errors);
        errors.Check(request.Order is >= 0 and < ProviderAccount.LastOrder, "/order", "out_of_range", "0 to 999,999");
        errors.Check(request.Weight is >= 1 and <= 1000, "/weight", "out_of_range", "1 to 1,000");
        errors.Check(request.RatePerSecond is null or (> 0 and <= 1_000_000), "/rate_per_second", "out_of_range", "1 to 1,000,000, or null");
        errors.Check(request.DailyCap is null or (> 0 and <= MostCalls), "/daily_cap", "out_of_range", "1 to 1,000,000,000, or null");
        errors.CheckText(request.Reason, "/reason", ReasonText.Longest, required: false);
        if (request.WarmUp is { } plan)
        {
            errors.Check(plan.StartDate.Year is > 2000 and < 2200, "/warm_up/start_date", "out_of_range", "A day of this century");
            errors.Check(plan.FirstDay is > 0 and <= MostCalls, "/warm_up/first_day", "out_of_range", "1 to 1,000,000,000");
            errors.Check(plan.GrowthPerDay is > 1 and <= 100, "/warm_up/growth_per_day", "out_of_range", "More than 1, at most 100");
        }
        return new StoredAccount
        {
            Key = key,
            Vendor = request.Kind,
            Channels = [.. channels.Select(channel => channel.Name())],
            Markets = request.Markets?.Distinct().ToArray() ?? [],
            Apps = request.Apps?.Distinct().ToArray() ?? [],
            Position = request.Order,
            Weight = request.Weight,
            RatePerSecond = request.RatePerSecond,
            DailyCap = request.DailyCap,
            WarmUpFrom = request.WarmUp?.StartDate,
            WarmUpFirstDay = request.WarmUp?.FirstDay,
            WarmUpGrowth = request.WarmUp?.GrowthPerDay,
            Enabled = request.Enabled,
            Settings = "{}",
        };
    }

    private static void CheckSecrets(JsonElement? secrets, FieldErrors errors)
    {
        if (secrets is null or { ValueKind: JsonValueKind.Null }) return;
        if (secrets is not { ValueKind: JsonValueKind.Object } given)
        {
            errors.Add("/secrets", "not_an_object", "Use a JSON object");
            return;
        }
        foreach (var member in given.EnumerateObject())
            errors.Check(member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null, $"/secrets/{member.Name}", "not_text", "Use a text, or null to take it away");
    }

    private static IReadOnlyList<Channel> Channels(string? name, string pointer, FieldErrors errors)
    {
        var channels = ChannelNames.Expand(name ?? "");
        errors.Check(channels.Count > 0, pointer, "unknown_channel", "Use push, sms, email or one channel like ios_push");
        return channels;
    }

    internal static void CheckList(string[]? values, string pointer, Func<string, bool> isValid, string code, string message, FieldErrors errors)
    {
        errors.Check(values is null or { Length: <= MostListed }, pointer, "too_many", $"At most {MostListed}");
        for (var i = 0; i < Math.Min(values?.Length ?? 0, MostListed); i++)
            errors.Check(values![i] is { } value && isValid(value), $"{pointer}/{i}", code, message); // counted
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,62}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex KeyForm();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,199}\z", RegexOptions.CultureInvariant)]
    internal static partial Regex AppForm();
}
