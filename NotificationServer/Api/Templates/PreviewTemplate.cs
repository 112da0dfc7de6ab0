using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Api.Notifications;
using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Templates;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Api.Templates;

internal static class PreviewTemplate
{
    public sealed record Request(
        [property: Description("What a notification would bring; left out: the sample data, with names where it has gaps")] JsonElement? Data = null,
        [property: Description("Whose locale and time zone are taken")] string? UserId = null,
        string? Locale = null,
        [property: Description("IANA")] string? TimeZone = null,
        [property: Description("push, sms or email; left out: all that there are words for")] string? Channel = null,
        [property: Description("Left out: the published one, else the latest")] int? Version = null);

    public sealed record Response(string Key, int Version, IReadOnlyList<ChannelAnswer> Channels);

    /// What a person would get. `locale`: whose words were used. `made_up`: names that the sample data lacks, and which stand for themselves. `problem`: why nothing would be sent.
    public sealed record ChannelAnswer(
        string Channel, string? Locale, WordsAnswer? Content, SmsAnswer? Sms, IReadOnlyList<PushAnswer>? Push, IReadOnlyList<string> MadeUp, string? Problem);

    public sealed record WordsAnswer(string? Title, string? Body, JsonElement? Data, string? Subject, string? Text, string? Html);

    /// `encoding` is GSM-7 or UCS-2, `units` are septets or 16-bit units, `segments` are what vendors charge for.
    public sealed record SmsAnswer(string Encoding, int Units, int Segments);

    /// `shortened`: the body loses its end so that the rest fits. Neither `fits` nor `shortened` true: it would be refused.
    public sealed record PushAnswer(string Vendor, string Name, int Bytes, int Limit, bool Fits, bool Shortened);

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/templates/{key}:preview", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(PreviewTemplate))
        .WithSummary("Show what a template says, without sending it")
        .WithRequestExample("""{"data":{"order_no":"1234"},"locale":"de-CH","time_zone":"Europe/Zurich","channel":"sms"}""")
        .WithDescription("Rendered by the same code as the real thing; the personal links are examples. What is known of the user is only shown to keys with users:write; to others a name stands for it. Nothing is stored.")
        .Produces<Response>();

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string key, Body<Request> body, DraftReader drafts, Previewer previewer, UserStore users, Caller caller, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        SendRules.CheckObject(request.Data, "/data", errors);
        errors.Check(request.Locale is null || Place.IsLocale(request.Locale), "/locale", "invalid_locale", "Use a BCP 47 tag such as de-CH");
        errors.Check(request.TimeZone is null || Place.IsTimeZone(request.TimeZone), "/time_zone", "unknown_time_zone", "Use an IANA zone such as Europe/Zurich");
        var families = FamilyNames.Of(request.Channel, errors);
        StoredUser? user = null;
        if (request.UserId is { } id && (!RecipientId.TryParse(id, null, out var recipient) || (user = await users.FindAsync(recipient, ct)) is null))
            errors.Add("/user_id", "unknown_user", "There is no such user");
        if (errors.Any) return errors.ToProblem();

        var (draft, version, problem) = await drafts.ReadAsync(key, request.Version, ct);
        if (draft is null) return problem!; // one of the two is there
        var data = request.Data is { ValueKind: JsonValueKind.Object } ? request.Data : null;
        var viewer = new Viewer(data, request.Locale ?? user?.Locale, request.TimeZone ?? user?.TimeZone) { Person = SpokenTo.Of(user, caller) };
        return TypedResults.Ok(new Response(key, version, [.. previewer.Of(draft, viewer, families).Select(Answer)]));
    }

    private static ChannelAnswer Answer(ChannelPreview preview) => new(
        preview.Family.Name(), preview.Locale,
        preview.Content is not { } said ? null : new WordsAnswer(said.Title, said.Body, said.Data, said.Subject, said.Text, said.Html),
        preview.Sms is not { } sms ? null : new SmsAnswer(sms.Encoding, sms.Units, sms.Count),
        preview.Push.Count == 0 ? null : [.. preview.Push.Select(size => new PushAnswer(size.Vendor, size.Name, size.Bytes, size.Most, size.Bytes <= size.Most, size.Shortened))],
        preview.MadeUp, preview.Problem);
}

internal static class SpokenTo
{
    /// Null: an example person. Words can be written that tell all that is known of somebody, so only those see it who may read it anyway.
    public static PersonValues? Of(StoredUser? user, Caller caller) => user is not null && MayKnow(caller)
        ? PersonValues.Of(user.Id, user.Locale, user.TimeZone, user.Country, user.Attributes) : null;

    public static bool MayKnow(Caller caller) => caller.Scopes.Contains(Scopes.UsersWrite);
}

internal static class FamilyNames
{
    /// None: every one.
    public static IReadOnlyList<ChannelFamily> Of(string? name, FieldErrors errors)
    {
        if (name is null) return [];
        var families = Enum.GetValues<ChannelFamily>().Where(family => family.Name() == name).ToList();
        errors.Check(families.Count > 0, "/channel", "unknown_channel", "push, sms or email");
        return families;
    }
}
