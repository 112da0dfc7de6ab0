using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using NotificationServer.Simulator.Answers;

namespace NotificationServer.Simulator.Apns;

/// The apns-* headers of one push, and what is wrong with them.
internal readonly record struct PushHeaders(
    StringValues Id, StringValues Topic, StringValues PushType, StringValues Priority, StringValues Expiration, StringValues CollapseId)
{
    private static readonly Answer Duplicate = ApnsErrors.Reason(400, "DuplicateHeaders");
    private static readonly Answer BadMessageId = ApnsErrors.Reason(400, "BadMessageId");
    private static readonly Answer MissingTopic = ApnsErrors.Reason(400, "MissingTopic");
    private static readonly Answer TopicDisallowed = ApnsErrors.Reason(400, "TopicDisallowed");
    private static readonly Answer InvalidPushType = ApnsErrors.Reason(400, "InvalidPushType");
    private static readonly Answer BadPriority = ApnsErrors.Reason(400, "BadPriority");
    private static readonly Answer BadExpiration = ApnsErrors.Reason(400, "BadExpirationDate");
    private static readonly Answer BadCollapseId = ApnsErrors.Reason(400, "BadCollapseId");

    public static PushHeaders Of(IHeaderDictionary headers) => new(
        headers["apns-id"], headers["apns-topic"], headers["apns-push-type"],
        headers["apns-priority"], headers["apns-expiration"], headers["apns-collapse-id"]);

    public bool Background => PushType == "background";

    public Answer? Refusal(string bundleId)
    {
        if (Twice(Id) || Twice(Topic) || Twice(PushType) || Twice(Priority) || Twice(Expiration) || CollapseId.Count > 1) return Duplicate;
        if (Id.Count == 1 && !Guid.TryParseExact(Id, "D", out _)) return BadMessageId;
        if (StringValues.IsNullOrEmpty(Topic)) return MissingTopic;
        if (TopicSuffix(PushType.ToString()) is not { } suffix) return InvalidPushType;
        var topic = Topic.ToString();
        if (!topic.StartsWith(bundleId, StringComparison.Ordinal)) return TopicDisallowed;
        if (!topic.AsSpan(bundleId.Length).SequenceEqual(suffix)) return KnownSuffix(topic[bundleId.Length..]) ? InvalidPushType : TopicDisallowed;
        if (Priority.Count == 1 && Priority.ToString() is not ("10" or "5" or "1")) return BadPriority;
        // At once means that the device lights up, which a background push may not do.
        if (Background && Priority == "10") return BadPriority;
        if (Expiration.Count == 1 && !long.TryParse(Expiration, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return BadExpiration;
        if (CollapseId.Count == 1 && Encoding.UTF8.GetByteCount(CollapseId.ToString()) > 64) return BadCollapseId;
        return null;
    }

    /// Some clients send a repeated header as one line with a comma, which none of these values can contain.
    private static bool Twice(StringValues values) => values.Count > 1 || (values.Count == 1 && values.ToString().Contains(',', StringComparison.Ordinal));

    /// What a topic has behind the bundle id; null: no such push type.
    private static string? TopicSuffix(string pushType) => pushType switch
    {
        "alert" or "background" or "mdm" => "",
        "voip" => ".voip",
        "complication" => ".complication",
        "fileprovider" => ".pushkit.fileprovider",
        "location" => ".location-query",
        "liveactivity" => ".push-type.liveactivity",
        "pushtotalk" => ".voip-ptt",
        _ => null,
    };

    private static bool KnownSuffix(string suffix) =>
        suffix is "" or ".voip" or ".complication" or ".pushkit.fileprovider" or ".location-query" or ".push-type.liveactivity" or ".voip-ptt";
}
