using System.Text.Json;
using System.Text.RegularExpressions;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Templates;

namespace NotificationServer.Api.Notifications;

/// What can be said of a request without looking anything up: every field's own form, all problems at once.
internal static partial class SendRules
{
    private const int MostRecipients = 100_000;
    private const int MostCollapseBytes = 64;
    private const int MostKeyLength = 255;
    private static readonly TimeSpan MostPast = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(366);

    public static NotificationRequest Check(SendNotification.Request request, string? key, Caller caller, DateTimeOffset now, PhonePolicy phones, FieldErrors errors)
    {
        errors.Check(request.EventId is null || EventId().IsMatch(request.EventId), "/event_id", "invalid_event_id", "1 to 128 of A-Z a-z 0-9 . _ : / -");
        CheckKey(key, errors);
        errors.Check((request.Template is null) != (request.Content is null), "/content", "template_or_content", "Give either template or content");
        errors.Check(request.TemplateVersion is null or > 0, "/template_version", "out_of_range", "Versions count from 1");
        CheckObject(request.Data, "/data", errors);
        CheckObject(request.Metadata, "/metadata", errors);
        CheckTimes(request, now, errors);
        errors.Check(request.CollapseKey is null || System.Text.Encoding.UTF8.GetByteCount(request.CollapseKey) is > 0 and <= MostCollapseBytes,
            "/collapse_key", "too_long", "1 to 64 bytes");

        return new NotificationRequest
        {
            ClientId = caller.ClientId,
            Sandbox = caller.Sandbox || request.Sandbox,
            EventId = request.EventId,
            To = Recipients(request.To, phones, errors),
            Template = request.Template,
            TemplateVersion = request.TemplateVersion,
            Channels = Channels(request.Channels, errors),
            Category = request.Category,
            SendAt = request.SendAt,
            ExpiresAt = request.ExpiresAt,
            Payload = new NotificationPayload
            {
                Content = ContentRules.Check(request.Content, errors),
                Data = request.Data,
                Email = OverrideRules.Check(request.Overrides?.Email, errors),
                Push = OverrideRules.Check(request.Overrides?.Push, errors),
                CollapseKey = request.CollapseKey,
                RespectQuietHours = request.RespectQuietHours ? null : false,
                Metadata = request.Metadata,
            },
            Key = key is null ? null : new IdempotencyKey(key, NotificationAnswer.Describe),
        };
    }

    public static void CheckKey(string? key, FieldErrors errors) =>
        errors.Check(key is null || (key.Length is > 0 and <= MostKeyLength && key.All(c => c is > ' ' and <= '~')),
            "header:Idempotency-Key", "invalid_idempotency_key", "1 to 255 visible ASCII characters");

    public static void CheckObject(JsonElement? value, string pointer, FieldErrors errors)
    {
        errors.Check(value is null or { ValueKind: JsonValueKind.Object or JsonValueKind.Null }, pointer, "not_an_object", "Use a JSON object");
        if (value is { } free) StorableNumbers.Check(free, pointer, errors.Add);
    }

    private static void CheckTimes(SendNotification.Request request, DateTimeOffset now, FieldErrors errors)
    {
        errors.Check(request.SendAt is not { } at || (at >= now - MostPast && at <= now + MostAhead),
            "/send_at", "time_out_of_range", "At most 5 minutes ago and 366 days ahead");
        errors.Check(request.ExpiresAt is not { } end || (end > now && end <= now + (2 * MostAhead)),
            "/expires_at", "time_out_of_range", "In the future, at most two years ahead");
        errors.Check(request.ExpiresAt is null || request.SendAt is null || request.ExpiresAt > request.SendAt,
            "/expires_at", "expires_before_send", "It would expire before it is sent");
    }

    private static RecipientReference[] Recipients(SendNotification.RecipientBody[] to, PhonePolicy phones, FieldErrors errors)
    {
        errors.Check(to.Length is > 0 and <= MostRecipients, "/to", "recipient_count", "1 to 100,000 recipients");
        if (to.Length > MostRecipients) return [];
        var recipients = new RecipientReference[to.Length];
        for (var i = 0; i < to.Length; i++) recipients[i] = Recipient(to[i], i, phones, errors);
        return recipients;
    }

    private static RecipientReference Recipient(SendNotification.RecipientBody? to, int index, PhonePolicy phones, FieldErrors errors)
    {
        if (to is null)
        {
            errors.Add($"/to/{index}", "required", "A recipient must not be null");
            return new RecipientReference(null, null, null, null);
        }
        if (to.UserId is null ? to.Email is null && to.Phone is null : to.Email is not null || to.Phone is not null)
            errors.Add($"/to/{index}", "user_or_address", "Give a user_id, or else an email and/or a phone");
        if (to.UserId is not null && !RecipientId.IsValid(to.UserId))
            errors.Add($"/to/{index}/user_id", "invalid_id", "1 to 128 of A-Z a-z 0-9 . _ : @ | = + -");
        string? email = null, phone = null;
        if (to.Email is not null && !EmailAddress.TryParse(to.Email, out email, out var mailCode))
            errors.Add($"/to/{index}/email", mailCode, "Use one plain address such as ann@example.org");
        if (to.Phone is not null && !phones.Takes(to.Phone, out phone, out var phoneCode))
            errors.Add($"/to/{index}/phone", phoneCode, PhonePolicy.Help(phoneCode));
        if (to.Locale is not null && !Place.IsLocale(to.Locale))
            errors.Add($"/to/{index}/locale", "invalid_locale", "Use a BCP 47 tag such as de-CH");
        if (to.TimeZone is not null && !Place.IsTimeZone(to.TimeZone))
            errors.Add($"/to/{index}/time_zone", "unknown_time_zone", "Use an IANA zone such as Europe/Zurich");
        return new RecipientReference(to.UserId, email, phone, to.Locale, to.TimeZone);
    }

    private static List<Channel> Channels(string[]? names, FieldErrors errors)
    {
        var channels = new List<Channel>();
        for (var i = 0; i < names?.Length; i++)
        {
            var expanded = ChannelNames.Expand(names[i] ?? "");
            errors.Check(expanded.Count > 0, $"/channels/{i}", "unknown_channel", "push, sms, email, ios_push, android_push or web_push");
            channels.AddRange(expanded.Except(channels));
        }
        errors.Check(names is not { Length: 0 }, "/channels", "empty", "Name a channel, or leave channels out");
        return channels;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:/-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EventId();
}
