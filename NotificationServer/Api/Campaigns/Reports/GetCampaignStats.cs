using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Platform;

namespace NotificationServer.Api.Campaigns.Reports;

internal static class GetCampaignStats
{
    /// At every moment `people.audience` is the sum of the other people, and `messages.total` that of its statuses.
    public sealed record Response(
        string CampaignId, string RunId, string Phase, string? Outcome, string? Problem, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? PausedAt,
        string? PauseReason, int? ThrottlePerMinute, double MessagesPerMinute, double? RemainingSeconds, PeopleView People, MessagesView Messages,
        IReadOnlyDictionary<string, long> Engagement, IReadOnlyList<PartView> Parts, IReadOnlyList<LocaleView> Locales);

    public sealed record PeopleView(int Audience, int ToCome, int Addressed, IReadOnlyDictionary<string, int> Excluded, int Withdrawn);

    /// `taken`: what a provider took, whatever became of it since.
    public sealed record MessagesView(long Total, IReadOnlyDictionary<string, long> Statuses, long Taken);

    public sealed record PartView(string Channel, string? Template, int? TemplateVersion, string? Variant, string? Provider, IReadOnlyDictionary<string, long> Counts);

    /// `locale` null: of whom none is known. Empty for runs that were before languages were counted.
    public sealed record LocaleView(string? Locale, IReadOnlyDictionary<string, long> Counts);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/campaigns/{id}/stats", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(GetCampaignStats))
        .WithSummary("How a run of a campaign did, or does just now")
        .WithDescription("From counters that are kept in the transactions of what they count, all read at one moment: they add up while it runs. 404 while there is no run.");

    private static async Task<Results<Ok<Response>, Problem>> HandleAsync(
        string id, [FromQuery(Name = "run_id"), Description("Absent: the newest run")] string? runId,
        CampaignStore campaigns, FiguresReader reader, Caller caller, CancellationToken ct)
    {
        if (await NamedCampaign.FindAsync(id, campaigns, caller, ct) is not { } campaign) return Problems.NotFound();
        if (await NamedCampaign.RunAsync(campaign, runId, reader, ct) is not { } figures) return Problems.NotFound();
        var pace = figures.IsRunning ? RunPace.Of(figures, await reader.MomentsAsync(figures.RunId, TimeSpan.FromMinutes(10), ct)) : null;
        return TypedResults.Ok(new Response(
            PrefixedId.Format("cmp", campaign.Id), PrefixedId.Format("run", figures.RunId), figures.Phase, figures.Outcome, figures.Problem, figures.StartedAt,
            figures.EndedAt, figures.PausedAt, figures.PauseReason, figures.Throttle, Math.Round(pace?.MessagesPerMinute ?? 0, 1),
            pace?.Remaining is { } left ? Math.Round(left.TotalSeconds) : null,
            new PeopleView(figures.Audience, figures.ToCome, figures.Addressed, figures.Excluded, figures.Withdrawn),
            new MessagesView(figures.Messages, figures.Statuses, figures.Taken), figures.Engagement,
            [.. figures.Parts.Select(part => new PartView(
                part.Channel, Some(part.Template), part.TemplateVersion == 0 ? null : part.TemplateVersion, figures.VariantOf(part)?.Name, Some(part.Provider), part.Counts))],
            figures.LocalesAddUp ? [.. figures.Locales.Select(locale => new LocaleView(Some(locale.Locale), locale.Counts))] : []));
    }

    private static string? Some(string text) => text.Length == 0 ? null : text;
}
