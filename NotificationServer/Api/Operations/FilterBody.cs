using System.ComponentModel;
using NotificationServer.Api.Errors;
using NotificationServer.Channels;
using NotificationServer.Platform;
using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

/// Which dead letters. What is absent does not matter; an empty filter means all of them.
public sealed record FilterBody(
    [property: Description("push, sms, email, or one of ios_push, android_push, web_push")] string? Channel = null,
    [property: Description("The one that refused it last")] string? Provider = null,
    [property: Description("Of a group of GET /v1/ops/failures")] string? Fingerprint = null,
    string? Template = null,
    [property: Description("Messages of this campaign, whichever of its runs they belong to")] string? CampaignId = null,
    string? ErrorCode = null,
    [property: Description("Failed at or after")] DateTimeOffset? From = null,
    [property: Description("Failed before")] DateTimeOffset? To = null,
    [property: Description("These messages and no others, at most 1,000")] string[]? Ids = null,
    [property: Description("A user's id, an e-mail address or a phone number")] string? Recipient = null,
    [property: Description("Stands in the summary of the failure's group, or is its error code")] string? Text = null)
{
    private const int Longest = 200;
    private const int MostIds = 1000;

    internal DeadLetterFilter Read(FieldErrors errors)
    {
        var channels = Channel is null ? null : ChannelNames.Expand(Channel).Select(channel => channel.Name()).ToArray();
        errors.Check(channels is not { Length: 0 }, "/filter/channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        var campaign = Guid.Empty;
        errors.Check(CampaignId is null || PrefixedId.TryParse("cmp", CampaignId, out campaign), "/filter/campaign_id", "invalid_id", "Use the id of a campaign, cmp_ and 32 hex digits");
        var ids = ReadIds(errors);
        foreach (var (value, name) in new[]
            { (Provider, "provider"), (Fingerprint, "fingerprint"), (Template, "template"), (ErrorCode, "error_code"), (Recipient, "recipient"), (Text, "text") })
            errors.Check(value is null or { Length: > 0 and <= Longest }, $"/filter/{name}", "invalid_text", $"Use 1 to {Longest} characters");
        errors.Check(IsSane(From), "/filter/from", "time_out_of_range", "Use a time of this century");
        errors.Check(IsSane(To), "/filter/to", "time_out_of_range", "Use a time of this century");
        return new DeadLetterFilter
        {
            Ids = ids,
            Channels = channels,
            Provider = Provider,
            Fingerprint = Fingerprint,
            Template = Template,
            Campaign = CampaignId is null ? null : campaign,
            ErrorCode = ErrorCode,
            Recipient = Recipient,
            Text = Text,
            From = From,
            To = To,
        };
    }

    private List<Guid>? ReadIds(FieldErrors errors)
    {
        if (Ids is null) return null;
        errors.Check(Ids.Length is > 0 and <= MostIds, "/filter/ids", "out_of_range", "1 to 1,000 messages");
        var ids = new List<Guid>(Math.Min(Ids.Length, MostIds));
        foreach (var (place, text) in Ids.Take(MostIds).Index())
        {
            if (PrefixedId.TryParse("msg", text, out var id)) ids.Add(id);
            else errors.Add($"/filter/ids/{place}", "invalid_id", "Use the id of a message, msg_ and 32 hex digits");
        }
        return ids;
    }

    private static bool IsSane(DateTimeOffset? at) => at is null or { Year: > 2000 and < 2200 };
}
