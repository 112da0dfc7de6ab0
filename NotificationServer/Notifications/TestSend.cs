using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Notifications;

internal enum TestSendStatus
{
    Sent,
    /// Nothing can be said on that channel; <see cref="TestSendResult.Problem"/> says why.
    CannotSay,
    TooMany,
    Refused,
}

internal sealed record TestSendResult(TestSendStatus Status)
{
    public AcceptedNotification? Notification { get; init; }
    public string? Problem { get; init; }
    public TimeSpan Wait { get; init; }
    public IReadOnlyList<IntakeError> Errors { get; init; } = [];
}

/// Words of a version to one address that somebody typed. Actor: as in the audit log.
internal sealed record TestOrder(string Actor, string Template, int Version, RecipientReference To, ChannelFamily Family)
{
    /// Whose notification it is; the admin app has no client.
    public Guid ClientId { get; init; }
    public bool Sandbox { get; init; }
    public required Draft Draft { get; init; }
    public required Viewer Viewer { get; init; }
}

/// Sends a draft to oneself, through the same pipeline as everything else. What makes it a test: the words are the preview's, marked as
/// a test; it has no category, so that being opted out of offers does not hide the offer from its author, while blocks, suppressions and
/// opting out of everything still count; it names no template, so that it is in no template's statistics; and few are allowed.
internal sealed class TestSend(NotificationIntake intake, Previewer previewer, AuditTrail audit, IOptions<IntakeOptions> options) : IDisposable
{
    public const string Mark = "[Test]";

    // Of this node: with several, a person may send as many more. It is there against a slip, not against an attacker.
    private readonly PartitionedRateLimiter<string> limits = PartitionedRateLimiter.Create<string, string>(actor =>
        RateLimitPartition.GetSlidingWindowLimiter(actor, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.TestsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6,
        }));

    public async Task<TestSendResult> SendAsync(TestOrder order, CancellationToken ct)
    {
        var preview = previewer.Of(order.Draft, order.Viewer, order.Family) is [var one] ? one : null;
        if (preview?.Content is not { } content)
            return new TestSendResult(TestSendStatus.CannotSay) { Problem = preview?.Problem ?? $"The template has no part for {order.Family.Name()}." };

        using var permit = limits.AttemptAcquire(order.Actor);
        if (!permit.IsAcquired) return new TestSendResult(TestSendStatus.TooMany) { Wait = TimeSpan.FromMinutes(1) / 6 };

        var result = await intake.AcceptAsync(RequestOf(order, content), ct);
        if (result.Notification is not { } accepted) return new TestSendResult(TestSendStatus.Refused) { Errors = result.Errors };
        await audit.AppendAsync(new AuditEntry(order.Actor, "template.test", $"template:{order.Template}")
        {
            After = new() { ["version"] = order.Version, ["channel"] = order.Family.Name(), ["notification"] = PrefixedId.Format("ntf", accepted.Id) },
        }, ct);
        return new TestSendResult(TestSendStatus.Sent) { Notification = accepted };
    }

    public void Dispose() => limits.Dispose();

    private static NotificationRequest RequestOf(TestOrder order, Content content) => new()
    {
        ClientId = order.ClientId,
        Sandbox = order.Sandbox,
        To = [order.To],
        Channels = [.. ChannelNames.All.Where(channel => channel.Family() == order.Family)],
        Payload = new NotificationPayload
        {
            Content = Marked(content, order.Family),
            RespectQuietHours = false,
            Metadata = JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["test_of"] = order.Template, ["version"] = order.Version }),
        },
    };

    private static Content Marked(Content content, ChannelFamily family) => family switch
    {
        ChannelFamily.Email => content with { Subject = $"{Mark} {content.Subject}" },
        ChannelFamily.Sms => content with { Text = $"{Mark} {content.Text}" },
        ChannelFamily.Push => content.Title is null ? content with { Body = $"{Mark} {content.Body}" } : content with { Title = $"{Mark} {content.Title}" },
    };
}
