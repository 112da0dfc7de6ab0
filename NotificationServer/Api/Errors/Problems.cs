namespace NotificationServer.Api.Errors;

/// The errors this API knows. A code is a promise to callers: it may be added to, never renamed.
internal static class Problems
{
    /// 400: the text is not the JSON that this endpoint reads. Nothing in it was looked at any further.
    public static Problem Malformed(string code, string detail, params IReadOnlyList<FieldError> errors) =>
        new(StatusCodes.Status400BadRequest, code, "Request could not be read", detail) { Errors = errors };

    /// 400: a path, query or header value.
    public static Problem InvalidParameter(string pointer, string code, string message) =>
        Malformed("invalid_parameter", message, new FieldError(pointer, code, message));

    /// 422: readable, but the values will not do.
    public static Problem Validation(params IReadOnlyList<FieldError> errors) =>
        Unprocessable("validation_failed", errors.Count == 1 ? "1 field needs attention" : $"{errors.Count} fields need attention", errors);

    /// 422 under a code of its own (`unknown_template`, `event_id_reused` ...).
    public static Problem Unprocessable(string code, string detail, params IReadOnlyList<FieldError> errors) =>
        new(StatusCodes.Status422UnprocessableEntity, code, "Request is not valid", detail) { Errors = errors };

    /// Absent and not yours look the same.
    public static Problem NotFound() => new(StatusCodes.Status404NotFound, "not_found", "Not found", "There is nothing here under this name");

    public static Problem Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, "Conflict", detail);

    /// The same request is being worked on right now.
    public static Problem RequestInProgress() =>
        Conflict("request_in_progress", "The first request with this key is still running") with { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Problem VersionConflict() =>
        new(StatusCodes.Status412PreconditionFailed, "version_conflict", "Version conflict", "It was changed since; read it again and repeat the change");

    public static Problem InvalidKey() =>
        new(StatusCodes.Status401Unauthorized, "invalid_key", "Not authenticated", "Send a valid key: Authorization: Bearer nsk_...");

    public static Problem MissingScope(string scope) =>
        new(StatusCodes.Status403Forbidden, "missing_scope", "Not allowed", $"This key lacks the scope {scope}");

    public static Problem TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, "too_large", "Body is too large", "Send less at once");

    public static Problem RateLimited(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests", "Slow down") { RetryAfter = retryAfter };

    public static Problem QueueFull(TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "queue_full", "Queue is full", "Nothing was accepted; try again later") { RetryAfter = retryAfter };

    public static Problem Unavailable() =>
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", "Temporarily unavailable", "Nothing was confirmed; repeat the request with the same key")
        { RetryAfter = TimeSpan.FromSeconds(2) };

    /// For answers that the framework made with a status and nothing else.
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Malformed("bad_request", "The request could not be understood"),
        StatusCodes.Status401Unauthorized => InvalidKey(),
        StatusCodes.Status403Forbidden => new(status, "forbidden", "Not allowed", "This is not for this caller"),
        StatusCodes.Status404NotFound => NotFound(),
        StatusCodes.Status405MethodNotAllowed => new(status, "method_not_allowed", "Method not allowed", "See the Allow header"),
        StatusCodes.Status408RequestTimeout => new(status, "request_timeout", "Too slow", "The request did not arrive in time")
        { RetryAfter = TimeSpan.FromSeconds(1) },
        StatusCodes.Status413PayloadTooLarge => TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => new(status, "unsupported_media_type", "Not JSON", "Send JSON in UTF-8 and say so: Content-Type: application/json"),
        StatusCodes.Status429TooManyRequests => RateLimited(TimeSpan.FromSeconds(1)),
        StatusCodes.Status503ServiceUnavailable => Unavailable(),
        >= 500 => new(StatusCodes.Status500InternalServerError, "internal_error", "Something is wrong on our side", "The trace id finds it in our logs")
        { RetryAfter = TimeSpan.FromSeconds(5) },
        _ => new(status, "http_" + status, "Request refused", "The request was refused"),
    };
}
