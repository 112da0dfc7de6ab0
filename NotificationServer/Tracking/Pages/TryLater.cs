using Npgsql;

namespace NotificationServer.Tracking.Pages;

/// A person whose choice could not be stored is told so in words; a mail program hears 503 and posts again.
internal sealed class TryLater(PersonalPage page, ILogger<TryLater> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NpgsqlException e) when (!context.HttpContext.Response.HasStarted)
        {
            Log.NotStored(log, e);
            var texts = Texts.Of(context.HttpContext, context.HttpContext.Features.Get<LinkHolder>()?.Link.Locale);
            context.HttpContext.Response.Headers.RetryAfter = "5";
            await page.ShowAsync(context.HttpContext, StatusCodes.Status503ServiceUnavailable, texts, texts.LaterTitle,
                $"""<h1>{texts.LaterTitle}</h1><p class="lead">{texts.LaterSay}</p>""");
            return Results.Empty;
        }
    }
}
