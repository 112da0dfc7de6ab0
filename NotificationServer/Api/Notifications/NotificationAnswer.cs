using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Api.Json;
using NotificationServer.Notifications;
using NotificationServer.Platform;

namespace NotificationServer.Api.Notifications;

/// What a caller is told of an accepted notification.
public sealed record NotificationAnswer(
    string Id, string Status, bool Deduplicated, DateTimeOffset AcceptedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MessageAnswer>? Messages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FanOutAnswer? FanOut,
    NotificationLinks Links)
{
    /// Above this many recipients the messages are left out of the answer; GET lists them.
    private const int MostListed = 100;

    internal static NotificationAnswer Of(AcceptedNotification accepted)
    {
        var id = PrefixedId.Format("ntf", accepted.Id);
        var listed = accepted.Recipients <= MostListed;
        return new NotificationAnswer(
            id, "accepted", accepted.Deduplicated, accepted.AcceptedAt,
            listed ? accepted.Messages.Select(MessageAnswer.Of).ToArray() : null,
            // All messages were stored by the same commit as the notification: nothing is pending.
            listed ? null : new FanOutAnswer("complete", accepted.Messages.Count),
            NotificationLinks.Of(id));
    }

    internal static string Describe(AcceptedNotification accepted) => JsonSerializer.Serialize(Of(accepted), NotificationJson.Strict.NotificationAnswer);
}

public sealed record MessageAnswer(string Id, string? UserId, string Channel, string DeliveryStatus, string? Reason)
{
    internal static MessageAnswer Of(AcceptedMessage message) =>
        new(PrefixedId.Format("msg", message.Id), message.UserId, message.Channel, message.DeliveryStatus, message.Reason);
}

public sealed record FanOutAnswer(string State, int Estimated);

public sealed record NotificationLinks(string Self, string Messages, string Cancel)
{
    internal static NotificationLinks Of(string id) =>
        new($"/v1/notifications/{id}", $"/v1/notifications/{id}/messages", $"/v1/notifications/{id}:cancel");
}

[JsonSerializable(typeof(SendNotification.Request))]
[JsonSerializable(typeof(NotificationAnswer))]
[JsonSerializable(typeof(SendBatch.Response), TypeInfoPropertyName = "BatchResponse")]
[JsonSerializable(typeof(ExplainNotification.Response), TypeInfoPropertyName = "ExplainResponse")]
internal sealed partial class NotificationJson : JsonSerializerContext
{
    /// Under the API's own rules, for writing outside an endpoint.
    public static NotificationJson Strict { get; } =
        new(StrictJson.Apply(new JsonSerializerOptions()));
}
