using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Channels;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Preferences;

internal static class PatchPreferences
{
    private const int MaxRows = 200;
    private const int MaxSource = 64;

    public sealed record ChannelWish(string Channel, bool OptIn);

    public sealed record CategoryWish(string Category, string Channel, bool OptIn);

    public sealed record Request(
        [property: Description("Where the wish was said: settings_page, support_call ...")] string Source,
        ChannelWish[]? Channels = null,
        CategoryWish[]? Categories = null)
    {
        [Description("{\"from\":\"22:00\",\"to\":\"07:00\",\"time_zone\":null} on the user's own clock, or on that of an IANA zone; null: none any more")]
        public JsonElement QuietHours { get; init; }
    }

    public static void Map(RouteGroupBuilder v1) => v1.MapPatch("/users/{user_id}/preferences", HandleAsync)
        .RequireScope(Scopes.PreferencesWrite)
        .WithName(nameof(PatchPreferences))
        .WithMetadata(new VersionedEndpoint())
        .WithRequestExample("""{"source":"settings_page","channels":[{"channel":"sms","opt_in":false}],"categories":[{"category":"offers","channel":"email","opt_in":true}],"quiet_hours":{"from":"22:00","to":"07:00","time_zone":null}}""")
        .WithSummary("Store what a user wants")
        .WithDescription("Each wish that is named replaces the one before it; what is not named stays. An opt-out stops every send that starts a second later.");

    private static async Task<Results<Ok<PreferencesView>, Problem>> HandleAsync(
        [FromRoute(Name = "user_id")] RecipientId user, Body<Request> body, PreferenceStore preferences, CategoryStore categories,
        Caller caller, HttpContext http, CancellationToken ct)
    {
        if (http.ReadIfMatch(out var version) is { } problem)
            return problem;

        var errors = new FieldErrors();
        var wishes = Check(body.Value, errors);
        var quiet = QuietHoursBody.Read(body.Value.QuietHours, errors);
        await CheckCategoriesAsync(body.Value.Categories ?? [], categories, errors, ct);
        if (errors.Any)
            return errors.ToProblem();

        return await preferences.PutAsync(user, wishes, quiet, body.Value.Source, caller.Actor, stored => version is null || version == PreferencesView.VersionOf(stored), null, ct) switch
        {
            PreferenceStore.PutResult.Stored => await GetAsync(user, preferences, http, ct),
            PreferenceStore.PutResult.NoSuchUser => Problems.NotFound(),
            PreferenceStore.PutResult.Changed => Problems.VersionConflict(),
        };
    }

    private static async Task<Results<Ok<PreferencesView>, Problem>> GetAsync(
        RecipientId user, PreferenceStore preferences, HttpContext http, CancellationToken ct)
    {
        var view = PreferencesView.Of(await preferences.FindAsync(user, ct) ?? new StoredPreferences([], null));
        http.SetETag(view.Version);
        return TypedResults.Ok(view);
    }

    private static List<Preference> Check(Request request, FieldErrors errors)
    {
        var (channels, categories) = (request.Channels ?? [], request.Categories ?? []);
        errors.CheckText(request.Source, "/source", MaxSource);
        var quiet = request.QuietHours.ValueKind == JsonValueKind.Undefined ? 0 : 1;
        errors.Check(channels.Length + categories.Length + quiet is > 0 and <= MaxRows, "", "invalid_count", $"Name 1 to {MaxRows} wishes");

        var wishes = new List<Preference>();
        for (var i = 0; i < Math.Min(channels.Length, MaxRows); i++)
            Add($"/channels/{i}", channels[i]?.Channel, "", channels[i]?.OptIn);
        for (var i = 0; i < Math.Min(categories.Length, MaxRows); i++)
            Add($"/categories/{i}", categories[i]?.Channel, categories[i]?.Category, categories[i]?.OptIn);
        return wishes;

        void Add(string pointer, string? channel, string? category, bool? optIn)
        {
            if (channel is null || category is null || optIn is null)
                errors.Add(pointer, "required", "Must not be null");
            else if (ChannelNames.Expand(channel).Count == 0)
                errors.Add($"{pointer}/channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
            else if (wishes.Any(w => w.Channel == channel && w.Category == category))
                errors.Add(pointer, "duplicate", "Said twice");
            else
                wishes.Add(new Preference { Channel = channel, Category = category, OptIn = optIn.Value });
        }
    }

    private static async Task CheckCategoriesAsync(CategoryWish[] wishes, CategoryStore categories, FieldErrors errors, CancellationToken ct)
    {
        var unknown = await categories.UnknownAmongAsync(wishes.Select(w => w?.Category).OfType<string>().Take(MaxRows).ToArray(), ct);
        for (var i = 0; i < Math.Min(wishes.Length, MaxRows); i++)
            errors.Check(!unknown.Contains(wishes[i]?.Category ?? ""), $"/categories/{i}/category", "unknown_category", "There is no such category");
    }
}
