using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Admin.Ui;
using NotificationServer.Clients;
using NotificationServer.Platform;

namespace NotificationServer.Admin.Pages.Keys;

/// What is asked of whoever makes a key.
internal sealed class KeyForm
{
    public const int LongestName = 100;
    public const int MostPerSecond = 1_000_000;
    private const int LongestReason = 500;
    private static readonly int[] Lifetimes = [30, 90, 365];

    public string? Client { get; set; }
    public string? Name { get; set; }
    public string[] Scopes { get; set; } = [];
    public bool Sandbox { get; set; }
    /// 30, 90, 365, never or date.
    public string Lives { get; set; } = "365";
    public string? ExpiresAt { get; set; }
    public string? Networks { get; set; }
    public string? RateLimit { get; set; }
    public string? Reason { get; set; }

    /// Null: something is wrong, and the model state says what.
    public KeyOrder? Order(ModelStateDictionary errors, string actor, DateTimeOffset now)
    {
        if (!OneLine.Is(Client, LongestName)) errors.AddModelError("Form.Client", OneLine.Wanted(LongestName));
        if (!OneLine.Is(Name, LongestName)) errors.AddModelError("Form.Name", OneLine.Wanted(LongestName));
        if (Scopes.Length == 0) errors.AddModelError("Form.Scopes", "A key that may do nothing is of no use: choose at least one.");
        if (Scopes.Except(KeyScope.All.Select(scope => scope.Name)).Any()) errors.AddModelError("Form.Scopes", "Choose from this list.");
        if (!OneLine.Is(Reason, LongestReason, required: false)) errors.AddModelError("Form.Reason", OneLine.Wanted(LongestReason));
        var end = End(errors, now);
        var networks = ReadNetworks(Networks, "Form.Networks", errors);
        var limit = ReadLimit(RateLimit, "Form.RateLimit", errors);
        return errors.IsValid
            ? new KeyOrder(Client!.Trim(), Name!.Trim(), [.. Scopes.Distinct()]) // no errors
            {
                Sandbox = Sandbox, ExpiresAt = end, Networks = networks, RateLimit = limit, Actor = actor, Reason = Reason?.Trim(),
            }
            : null;
    }

    public static IReadOnlyList<string> ReadNetworks(string? text, string field, ModelStateDictionary errors)
    {
        var written = (text ?? "").Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (written.Length > KeyNetworks.Most) errors.AddModelError(field, $"At most {KeyNetworks.Most}.");
        var networks = written.Select(KeyNetworks.Normal).ToArray();
        if (Array.IndexOf(networks, null) is var wrong and >= 0)
            errors.AddModelError(field, $"“{written[wrong]}” is neither an address nor a network: write 203.0.113.7 or 203.0.113.0/24.");
        return [.. networks.OfType<string>().Distinct()];
    }

    public static int? ReadLimit(string? text, string field, ModelStateDictionary errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MostPerSecond) return limit;
        errors.AddModelError(field, "1 to 1,000,000 a second, or leave it empty.");
        return null;
    }

    private DateTimeOffset? End(ModelStateDictionary errors, DateTimeOffset now)
    {
        if (Lives == "never") return null;
        if (Lives != "date") return now.AddDays(int.TryParse(Lives, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && Lifetimes.Contains(days) ? days : 365);
        if (Instants.TryRead(ExpiresAt, out var end) && end > now) return end;
        errors.AddModelError("Form.ExpiresAt", "Choose a time that is still to come.");
        return null;
    }
}
