using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;

namespace NotificationServer.Admin.Pages.Users;

/// The part of a person's day in which they are left alone, as it is typed.
internal sealed class QuietForm
{
    private const string Form = "HH:mm";
    private const int MaxReason = 500;

    public string? From { get; set; }
    public string? To { get; set; }
    public string? TimeZone { get; set; }
    public string? Reason { get; set; }

    public static QuietForm Of(QuietHours? quiet) => new()
    {
        From = quiet?.From.ToString(Form, CultureInfo.InvariantCulture), To = quiet?.To.ToString(Form, CultureInfo.InvariantCulture), TimeZone = quiet?.TimeZone,
    };

    /// Null: see the errors. Both ends empty: none from now on.
    public QuietChange? Read(ModelStateDictionary errors)
    {
        if (!OneLine.Is(Reason, MaxReason)) errors.AddModelError("Quiet.Reason", "Say why, on one line.");
        var (from, to) = (Time(From, "Quiet.From", errors), Time(To, "Quiet.To", errors));
        if (from is null != to is null) errors.AddModelError(from is null ? "Quiet.From" : "Quiet.To", "Give both ends, or neither.");
        if (from is not null && from == to) errors.AddModelError("Quiet.To", "They would begin and end at once.");
        var zone = string.IsNullOrWhiteSpace(TimeZone) ? null : TimeZone.Trim();
        if (zone is not null && !Place.IsTimeZone(zone)) errors.AddModelError("Quiet.TimeZone", "Use a zone like Europe/Zurich.");
        return !errors.IsValid ? null : new QuietChange(from is { } start && to is { } end ? new QuietHours(start, end, zone) : null);
    }

    private static TimeOnly? Time(string? text, string name, ModelStateDictionary errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (TimeOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        errors.AddModelError(name, "Use a time of the day like 22:00.");
        return null;
    }
}
