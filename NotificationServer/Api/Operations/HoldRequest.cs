using System.ComponentModel;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;

namespace NotificationServer.Api.Operations;

/// Why something is held, and until when.
public sealed record HoldRequest(string Reason, [property: Description("Runs again by itself then; null: until it is resumed")] DateTimeOffset? Until = null)
{
    internal Problem? Problem(TimeProvider clock)
    {
        var errors = new FieldErrors();
        errors.CheckText(Reason, "/reason", ReasonText.Longest);
        errors.CheckTime(Until, "/until", clock);
        return errors.Any ? errors.ToProblem() : null;
    }
}

/// Why it runs again.
public sealed record ResumeRequest(string? Reason = null)
{
    internal Problem? Problem()
    {
        var errors = new FieldErrors();
        errors.CheckText(Reason, "/reason", ReasonText.Longest, required: false);
        return errors.Any ? errors.ToProblem() : null;
    }
}

internal static class ReasonText
{
    public const int Longest = 500;
}
