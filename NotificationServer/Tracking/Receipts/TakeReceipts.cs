using Microsoft.AspNetCore.Http.Metadata;
using Npgsql;

namespace NotificationServer.Tracking.Receipts;

/// `POST /in/{vendor}/{account}`. Stored before it is answered; what could not be stored is answered 503, and told again.
internal static class TakeReceipts
{
    /// Above what any vendor sends; each has its own bound below it.
    private const long MostBytes = 8 * 1024 * 1024;

    public static void Map(WebApplication app) => app.MapMethods("/in/{vendor}/{account}", [HttpMethods.Post, HttpMethods.Head], HandleAsync)
        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(SignedReceiptHandler.Scheme).RequireAuthenticatedUser())
        .WithName(nameof(TakeReceipts))
        .WithMetadata(new Limit(MostBytes))
        .ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(SignedReceipts said, ReceiptBook book, ILogger<ReceiptBook> log, CancellationToken ct)
    {
        try
        {
            var stored = await book.TakeAsync(said.Source, said.Receipts, ct);
            if (said.Receipts.Count > 0) Log.ReceiptsTaken(log, said.Source.Vendor, said.Receipts.Count, stored);
            return Results.Ok();
        }
        catch (NpgsqlException e)
        {
            Log.ReceiptsNotStored(log, said.Source.Vendor, e);
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private sealed record Limit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
