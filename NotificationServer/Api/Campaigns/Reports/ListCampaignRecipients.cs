using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Paging;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Channels;
using NotificationServer.Platform;

namespace NotificationServer.Api.Campaigns.Reports;

internal static class ListCampaignRecipients
{
    private const string List = "campaign-recipients";

    public sealed record Query
    {
        [FromQuery(Name = "run_id"), Description("Absent: the newest run")]
        public string? RunId { get; init; }

        [FromQuery(Name = "status"), Description("A delivery_status; or to_come, withdrawn: people without a message")]
        public string? Status { get; init; }

        [FromQuery(Name = "channel"), Description("push, sms, email, or one channel like ios_push")]
        public string? Channel { get; init; }

        [FromQuery(Name = "locale"), Description("As their messages have it, like de-CH; empty: of whom none is known")]
        public string? Locale { get; init; }

        [FromQuery(Name = "engagement"), Description("opened, clicked, replied, unsubscribed, complained; not_opened, not_clicked: of what was sent. Opens and clicks of machines do not count")]
        public string? Engagement { get; init; }

        [FromQuery(Name = "user_id")]
        public string? UserId { get; init; }
    }

    public sealed record Recipient(
        string? UserId, string? MessageId, string? Channel, string DeliveryStatus, string? Reason, string? Provider, string? ErrorCode, string? Template,
        int? TemplateVersion, DateTimeOffset? CreatedAt, DateTimeOffset? SentAt, IReadOnlyList<string> Engagement);

    public static void Map(RouteGroupBuilder v1) => v1.MapGet("/campaigns/{id}/recipients", HandleAsync)
        .RequireScope(Scopes.CampaignsWrite)
        .WithName(nameof(ListCampaignRecipients))
        .WithMetadata(ReadsFar.Instance)
        .WithSummary("What became of each recipient of a run, newest first; as CSV with `Accept: text/csv`")
        .WithDescription("An entry is a message: a person with two devices has two. A page may have fewer entries than asked for, or none, and still a `next_cursor`: with a filter only so many messages are looked through at once. The CSV has all of them, streamed, and cells that a spreadsheet would run as formulas begin with an apostrophe.")
        .Produces(StatusCodes.Status200OK, contentType: "text/csv");

    private static async Task<Results<Ok<Page<Recipient>>, PushStreamHttpResult, Problem>> HandleAsync(
        string id, [AsParameters] Query query, [AsParameters] PageQuery page, CampaignStore campaigns, FiguresReader figures, RecipientList list,
        RecipientExport export, Cursors cursors, Caller caller, HttpRequest request, CancellationToken ct)
    {
        if (page.Read(cursors, List, 2, out var position) is { } problem) return problem;
        var channels = query.Channel is null ? null : ChannelNames.Expand(query.Channel).Select(channel => channel.Name()).ToList();
        if (channels is { Count: 0 }) return Problems.InvalidParameter("query:channel", "unknown_channel", "Use push, sms, email or one channel like ios_push");
        if (query.Status is not null && !RecipientRow.Statuses.Contains(query.Status))
            return Problems.InvalidParameter("query:status", "unknown_status", $"Use one of {string.Join(", ", RecipientRow.Statuses)}");
        if (query.Engagement is not null && !Doing.Names.Contains(query.Engagement))
            return Problems.InvalidParameter("query:engagement", "unknown_engagement", $"Use one of {string.Join(", ", Doing.Names)}");
        if (await NamedCampaign.FindAsync(id, campaigns, caller, ct) is not { } campaign) return Problems.NotFound();
        if (await NamedCampaign.RunAsync(campaign, query.RunId, figures, ct) is not { } run) return Problems.NotFound();

        // Who has no device at all is told so under the name of the family.
        if (query.Channel == "push") channels?.Add("push");
        var filter = new RecipientFilter { Status = query.Status, Channels = channels, Locale = query.Locale, Did = Doing.Of(query.Engagement), Person = query.UserId };
        if (request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)))
            return TypedResults.Stream(stream => export.WriteAsync(run, filter, stream, ct), "text/csv; charset=utf-8", RecipientExport.NameOf(run));
        if (position is not null && position[0] != run.RunId.ToString("N"))
            return Problems.InvalidParameter("query:cursor", "invalid_cursor", "This is not a cursor of this run");
        var answer = await list.ReadAsync(run, filter, position?[1], page.Size, ct);
        return TypedResults.Ok(new Page<Recipient>(
            [.. answer.Rows.Select(ViewOf)], answer.Next is null ? null : cursors.Seal(List, run.RunId.ToString("N"), answer.Next)));
    }

    private static Recipient ViewOf(RecipientRow row) => new(
        row.UserId, row.MessageId is { } message ? PrefixedId.Format("msg", message) : null, row.Channel, row.Status, row.Reason, row.Provider, row.ErrorCode,
        row.Template, row.TemplateVersion, row.CreatedAt, row.SentAt, row.Engagement);
}
