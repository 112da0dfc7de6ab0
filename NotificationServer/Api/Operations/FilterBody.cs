using System.ComponentModel;
using NotificationServer.Api.Errors;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

/// Which dead letters. What is absent does not matter; an empty filter means all of them.
public sealed record FilterBody(
    [property: Description("push, sms, email, or one of ios_push, android_push, web_push")] string? Channel = null,
    [property: Description("The one that refused it last")] string? Provider = null,
    [property: Description("Of a group of GET /v1/ops/failures")] string? Fingerprint = null,
    string? Template = null,
    [property: Description("Not possible yet: must be null")] string? CampaignId = null,
    string? ErrorCode = null,
    [property: Description("Failed at or after")] DateTimeOffset? From = null,
    [property: Description("Failed before")] DateTimeOffset? To = null)
{
    private const int Longest = 200;

    internal DeadLetterFilter Read(FieldErrors errors)
    {
        var channels = Channel is null ? null : ChannelNames.Expand(Channel).Select(channel => channel.Name()).ToArray();
        errors.Check(channels is not { Length: 0 }, "/filter/channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        errors.Check(CampaignId is null, "/filter/campaign_id", "not_available", "There are no campaigns yet; leave it out");
        foreach (var (value, name) in new[] { (Provider, "provider"), (Fingerprint, "fingerprint"), (Template, "template"), (ErrorCode, "error_code") })
            errors.Check(value is null or { Length: > 0 and <= Longest }, $"/filter/{name}", "invalid_text", $"Use 1 to {Longest} characters");
        errors.Check(IsSane(From), "/filter/from", "time_out_of_range", "Use a time of this century");
        errors.Check(IsSane(To), "/filter/to", "time_out_of_range", "Use a time of this century");
        return new DeadLetterFilter
        {
            Channels = channels,
            Provider = Provider,
            Fingerprint = Fingerprint,
            Template = Template,
            ErrorCode = ErrorCode,
            From = From,
            To = To,
        };
    }

    private static bool IsSane(DateTimeOffset? at) => at is null or { Year: > 2000 and < 2200 };
}
