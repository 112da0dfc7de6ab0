using NotificationServer.Api.Errors;
using NotificationServer.Notifications;

namespace NotificationServer.Api.Notifications;

/// Intake's refusals in the words of the API: the same for one notification and for an item of a batch.
internal static class IntakeProblems
{
    private static readonly TimeSpan WhenFull = TimeSpan.FromSeconds(2);

    public static Problem QueueFull() => Problems.QueueFull(WhenFull);

    public static Problem EventIdReused() => Problems.Unprocessable("event_id_reused", "This event id was used for another request",
        new FieldError("/event_id", "event_id_reused", "Use a new event id, or repeat the first request unchanged"));

    public static Problem IdempotencyMismatch() => Problems.Unprocessable("idempotency_mismatch", "This Idempotency-Key was used for another request",
        new FieldError("header:Idempotency-Key", "idempotency_mismatch", "Use a new key, or repeat the first request unchanged"));

    /// What has a code of its own in the contract is the problem's code; the rest is a matter of fields.
    public static Problem Invalid(IReadOnlyList<IntakeError> errors)
    {
        var fields = errors.Select(error => new FieldError(error.Pointer, error.Code, error.Message)).ToArray();
        return errors[0].Code is "unknown_template" or "missing_variable"
            ? Problems.Unprocessable(errors[0].Code, errors[0].Message, fields)
            : Problems.Validation(fields);
    }
}
