using NotificationServer.Platform;

namespace NotificationServer.Tracking.Webhooks;

/// Makes one call, and decides what follows from it.
internal sealed class WebhookCaller(WebhookClient client, WebhookSecrets secrets, RetrySchedule schedule, TimeProvider clock, ILogger<WebhookCaller> log)
{
    public async Task<WebhookResult> CallAsync(WebhookJob job)
    {
        var started = clock.GetUtcNow();
        var answer = await AnswerAsync(job);
        var delay = answer.IsDelivered || answer.IsGone ? null : schedule.After(job.Tries + 1, answer.RetryAfter);
        return new WebhookResult(job, answer, delay, started, clock.GetUtcNow());
    }

    private Task<WebhookAnswer> AnswerAsync(WebhookJob job)
    {
        var signing = secrets.Open(job.EndpointId, job.Secret, job.SecretKey, job.FormerSecret, job.FormerKey);
        if (signing.Count > 0)
            return client.SendAsync(new Uri(job.Url), PrefixedId.Format(WebhookEvent.IdPrefix, job.EventId), WebhookEvent.Body(job.Type, job.At, job.Data), signing);
        Log.SecretUnreadable(log, EndpointStore.KeyOf(job.EndpointId));
        return Task.FromResult(WebhookAnswer.Failed(WebhookAnswer.NotSigned));
    }

    /// An event that says nothing, to see whether it arrives; of an endpoint that is disabled too. It is in no log of deliveries.
    public async Task<(string Id, WebhookAnswer Answer, TimeSpan Took)> TestAsync(WebhookEndpoint endpoint)
    {
        var id = PrefixedId.Format(WebhookEvent.IdPrefix, Guid.CreateVersion7());
        var started = clock.GetTimestamp();
        var signing = secrets.Open(endpoint.Id, endpoint.Secret, endpoint.SecretKey, endpoint.FormerUntil is null ? null : endpoint.FormerSecret, endpoint.FormerKey);
        var answer = signing.Count == 0 ? WebhookAnswer.Failed(WebhookAnswer.NotSigned)
            : await client.SendAsync(new Uri(endpoint.Url), id, WebhookEvent.TestBody(clock.GetUtcNow(), EndpointStore.KeyOf(endpoint.Id)), signing);
        return (id, answer, clock.GetElapsedTime(started));
    }
}
