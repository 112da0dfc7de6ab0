using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using NotificationServer.Api.Json;
using Npgsql;

namespace NotificationServer.Api.Errors;

/// Turns whatever was thrown into a problem: ours and the framework's refusals, a database that is away, and everything unforeseen.
internal sealed partial class LastResort(ILogger<LastResort> log) : IExceptionHandler
{
    private const string IdleInTransactionTimeout = "25P03";

    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken ct)
    {
        await ProblemFor(http, exception).ExecuteAsync(http);
        return true;
    }

    private Problem ProblemFor(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case ProblemException refused:
                return refused.Problem;
            case BadHttpRequestException { InnerException: JsonException json }:
                return JsonFault.Describe(json);
            case BadHttpRequestException bad when Parameter().Match(bad.Message) is { Success: true } match:
                var name = PublicName(http, match.Groups[1].Value);
                return Problems.InvalidParameter(name, "invalid", $"{name} is missing or has a form that is not known here");
            case BadHttpRequestException bad:
                return Problems.OfStatus(bad.StatusCode);
            case NpgsqlException away when IsAway(away):
                Log.DatabaseUnavailable(log, away);
                return Problems.Unavailable();
            default:
                Log.Unforeseen(log, exception);
                return Problems.OfStatus(StatusCodes.Status500InternalServerError);
        }
    }

    /// Handlers call `user` what callers know as `user_id`.
    private static string PublicName(HttpContext http, string parameter)
    {
        var inPath = http.Features.Get<IExceptionHandlerFeature>()?.RouteValues?.Keys.FirstOrDefault(key => key == parameter || key == parameter + "_id");
        return inPath is null ? $"query:{parameter}" : $"path:{inPath}";
    }

    /// Lost, starting, full or overloaded: not the statement's fault. Whether a commit happened is then unknown, which is why
    /// everything that writes is keyed.
    private static bool IsAway(NpgsqlException exception) => exception switch
    {
        PostgresException { IsTransient: true } => true,
        // Out of something, stopped by somebody, or in trouble with its disk.
        PostgresException { SqlState: ['5', '3' or '7' or '8', ..] } => true,
        PostgresException postgres => postgres.SqlState
            is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransactionTimeout or PostgresErrorCodes.InvalidCatalogName,
        _ => true,
    };

    [GeneratedRegex("""^(?:Failed to bind|Required) parameter ".*?(\w+)" (?:from|was not provided)""", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
