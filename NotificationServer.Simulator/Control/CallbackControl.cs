using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Simulator.Callbacks;

namespace NotificationServer.Simulator.Control;

/// `PUT /callbacks`: how the calls that tell what became of messages are made from now on.
internal static class CallbackControl
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public sealed record Body
    {
        public int DelayMs { get; init; }
        public int Duplicates { get; init; }
        public bool Reversed { get; init; }
        public double Loss { get; init; }
        public bool BeforeAnswer { get; init; }
        public Uri? Target { get; init; }
        public string? SendgridUrl { get; init; }
        public string? MailchimpUrl { get; init; }
        public string? MailDirectory { get; init; }
    }

    public static Task ShowAsync(HttpContext context, CallbackSender callbacks) => context.Response.WriteAsJsonAsync(
        new { callbacks.Answered, callbacks.Refused, callbacks.Lost }, Json, context.RequestAborted);

    public static async Task SetAsync(HttpContext context, CallbackSender callbacks)
    {
        Body? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<Body>(context.Request.Body, Json, context.RequestAborted);
        }
        catch (JsonException)
        {
            body = null;
        }
        if (body is not { DelayMs: >= 0, Duplicates: >= 0 and <= 100, Loss: >= 0 and <= 1 } || body.Target is { IsAbsoluteUri: false })
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(new { error = "delay_ms at least 0, duplicates 0 to 100, loss 0 to 1, target a whole address" }, Json, context.RequestAborted);
            return;
        }
        callbacks.Plan = new CallbackPlan
        {
            Delay = TimeSpan.FromMilliseconds(body.DelayMs),
            Duplicates = body.Duplicates,
            Reversed = body.Reversed,
            Loss = body.Loss,
            BeforeAnswer = body.BeforeAnswer,
            Target = body.Target,
            SendGridUrl = body.SendgridUrl,
            MailchimpUrl = body.MailchimpUrl,
            MailDirectory = body.MailDirectory,
        };
        context.Response.StatusCode = 204;
    }
}
