using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NotificationServer.Api.Json;

namespace NotificationServer.Api.Errors;

/// One field that needs attention: a JSON pointer into the body, or `query:name` / `path:name` / `header:name`.
[SuppressMessage("Naming", "CA1720", Justification = "A JSON pointer is called so by its RFC.")]
public sealed record FieldError(string Pointer, string Code, string Message);

/// The body of every error answer (RFC 9457).
public sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, string Instance, string Code, string TraceId, bool Retryable, IReadOnlyList<FieldError> Errors);

/// An error as an endpoint's result. Made by <see cref="Problems"/>.
internal sealed record Problem(int Status, string Code, string Title, string Detail) : IResult, IStatusCodeHttpResult
{
    private const string TypeBase = "https://docs.example.org/problems/";

    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// When to come back; also what makes a problem retryable.
    public TimeSpan? RetryAfter { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Task ExecuteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } delay)
            response.Headers.RetryAfter = ((long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        // What is left of an over-long body is not worth reading.
        if (Status == StatusCodes.Status413PayloadTooLarge)
            response.Headers.Connection = "close";
        response.Headers.CacheControl = "no-store";

        return response.WriteAsJsonAsync(DocumentFor(http), ApiJsonContext.Strict.ProblemDocument, "application/problem+json", http.RequestAborted);
    }

    /// The same answer inside another one: an item of a batch, a step of an operation.
    public ProblemDocument DocumentFor(HttpContext http) => new(
        TypeBase + Code, Title, Status, Detail, http.Request.PathBase + http.Request.Path, Code,
        Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier, RetryAfter is not null, Errors);
}
