using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Routing;

namespace NotificationServer.Admin.Pages.Providers;

/// An account as it is written into the form. Secrets come in and never go out again.
internal sealed class AccountForm
{
    public string? Key { get; set; }
    public Dictionary<string, string?> Settings { get; set; } = [];
    public Dictionary<string, string?> Secrets { get; set; } = [];
    public string[] Forget { get; set; } = [];
    public string[] Channels { get; set; } = [];
    public string? Markets { get; set; }
    public string? Apps { get; set; }
    public string? Order { get; set; } = "100";
    public string? Weight { get; set; } = "1";
    public string? RatePerSecond { get; set; }
    public string? DailyCap { get; set; }
    public string? WarmUpFrom { get; set; }
    public string? WarmUpFirstDay { get; set; }
    public string? WarmUpGrowth { get; set; }
    public bool Enabled { get; set; } = true;
    public bool Check { get; set; } = true;
    public string? Reason { get; set; }
    /// What was seen when the form was opened; null: nothing, it is new.
    public int? Version { get; set; }

    public static AccountForm Of(StoredAccount row) => new()
    {
        Key = row.Key,
        Settings = JsonNode.Parse(row.Settings)!.AsObject().ToDictionary(one => one.Key, one => (string?)VendorForm.Text(one.Value)), // stored as an object
        Channels = row.Channels,
        Markets = string.Join(' ', row.Markets),
        Apps = string.Join('\n', row.Apps),
        Order = Text(row.Position),
        Weight = Text(row.Weight),
        RatePerSecond = Text(row.RatePerSecond),
        DailyCap = Text(row.DailyCap),
        WarmUpFrom = row.WarmUpFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        WarmUpFirstDay = Text(row.WarmUpFirstDay),
        WarmUpGrowth = row.WarmUpGrowth?.ToString(CultureInfo.InvariantCulture),
        Enabled = row.Enabled,
        Version = row.Version,
    };

    /// By the same rules as a call; what is no number at all is said here.
    public AccountWish Wish(Vendor vendor, IReadOnlyList<VendorField> fields, ModelStateDictionary errors) => new(vendor.Name)
    {
        Settings = Element(VendorForm.Settings(fields, Settings)),
        Secrets = Element(VendorForm.Secrets(fields, Secrets, Forget)),
        Channels = Channels,
        Markets = Words(Markets?.ToUpperInvariant()),
        Apps = Words(Apps),
        Order = Number(Order, nameof(Order), errors) ?? 100,
        Weight = Number(Weight, nameof(Weight), errors) ?? 1,
        RatePerSecond = Number(RatePerSecond, nameof(RatePerSecond), errors),
        DailyCap = Number(DailyCap, nameof(DailyCap), errors),
        WarmUp = Plan(errors),
        Enabled = Enabled,
        Reason = string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim(),
    };

    /// Where the form says what the API says at this pointer.
    public static string FieldOf(string pointer) => pointer.Split('/') switch
    {
        ["", "settings", var name, ..] => $"Form.Settings[{name}]",
        ["", "secrets", var name, ..] => $"Form.Secrets[{name}]",
        ["", "channels", ..] => "Form.Channels",
        ["", "markets", ..] => "Form.Markets",
        ["", "apps", ..] => "Form.Apps",
        ["", "order"] => "Form.Order",
        ["", "weight"] => "Form.Weight",
        ["", "rate_per_second"] => "Form.RatePerSecond",
        ["", "daily_cap"] => "Form.DailyCap",
        ["", "reason"] => "Form.Reason",
        ["", "warm_up", "start_date"] => "Form.WarmUpFrom",
        ["", "warm_up", "first_day"] => "Form.WarmUpFirstDay",
        ["", "warm_up", ..] => "Form.WarmUpGrowth",
        _ => "",
    };

    private WarmUp? Plan(ModelStateDictionary errors)
    {
        if (string.IsNullOrWhiteSpace(WarmUpFrom) && string.IsNullOrWhiteSpace(WarmUpFirstDay) && string.IsNullOrWhiteSpace(WarmUpGrowth)) return null;
        var isDay = DateOnly.TryParseExact(WarmUpFrom, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from);
        var isFactor = double.TryParse(WarmUpGrowth, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var growth);
        if (!isDay) errors.AddModelError("Form.WarmUpFrom", "A warm-up needs its first day.");
        if (!isFactor) errors.AddModelError("Form.WarmUpGrowth", "A warm-up needs to grow: 2 doubles it each day.");
        return new WarmUp(isDay ? from : new DateOnly(2026, 1, 1), Number(WarmUpFirstDay, nameof(WarmUpFirstDay), errors) ?? 0, isFactor ? growth : 2);
    }

    private static int? Number(string? text, string field, ModelStateDictionary errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        errors.AddModelError($"Form.{field}", "Write a whole number.");
        return null;
    }

    private static string[] Words(string? text) => (text ?? "").Split([' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());
}
