using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Json;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Platform;
using NotificationServer.Recipients.Privacy;

namespace NotificationServer.Api.Segments;

/// How many people a segment means, and some of them: of one that is stored, or of rules that are being written.
internal static class LookAtSegment
{
    private const int Shown = 10;

    public sealed record Request([property: Description(SegmentBody.AboutRules)] JsonElement Rules);

    /// People: null where not even a sample could be judged in time. Exact: false where it is estimated from a sample.
    public sealed record Size(long? People, long? OfAll, bool Exact);

    public sealed record Person(string UserId, string? Email, string? Phone, string? Locale, string? Country, string? TimeZone, IReadOnlyList<string> Tags);

    public sealed record Sample(IReadOnlyList<Person> People);

    private const string Example = """{"rules":{"all":[{"field":"created_at","op":"within_last_days","value":30},{"field":"email","op":"exists"}]}}""";
    private const string AboutSize = "Counted for at most `Segments:CountTimeout`; after it estimated from a sample, and `exact` is false. Who may be sent to is another question: see `POST /v1/campaigns/{id}:estimate`.";

    public static void Map(RouteGroupBuilder v1)
    {
        v1.MapPost("/segments:estimate", EstimateAsync).RequireScope(Scopes.CampaignsWrite).WithName("EstimateRules").WithMetadata(ReadsFar.Instance)
            .WithSummary("Count the people that rules mean, without storing them").WithDescription(AboutSize).WithRequestExample(Example);
        v1.MapPost("/segments:preview", PreviewAsync).RequireScope(Scopes.CampaignsWrite).WithName("PreviewRules").WithMetadata(ReadsFar.Instance)
            .WithSummary("Show ten of the people that rules mean, without storing them").WithDescription("Addresses are masked.").WithRequestExample(Example);
        v1.MapPost("/segments/{id}:estimate", EstimateStoredAsync).RequireScope(Scopes.CampaignsWrite).WithName("EstimateSegment").WithMetadata(ReadsFar.Instance)
            .WithSummary("Count the people of a segment, and keep the number with it").WithDescription(AboutSize);
        v1.MapPost("/segments/{id}:preview", PreviewStoredAsync).RequireScope(Scopes.CampaignsWrite).WithName("PreviewSegment").WithMetadata(ReadsFar.Instance)
            .WithSummary("Show ten of the people of a segment").WithDescription("Addresses are masked.");
    }

    private static async Task<Results<Ok<Size>, Problem>> EstimateAsync(Body<Request> body, AudienceReader reader, CancellationToken ct)
    {
        var (audience, problem) = SegmentBody.Audience(body.Value.Rules);
        return problem is not null ? problem : TypedResults.Ok(Of(await reader.CountAsync(audience!, ct))); // no problem
    }

    private static async Task<Results<Ok<Sample>, Problem>> PreviewAsync(Body<Request> body, AudienceReader reader, CancellationToken ct)
    {
        var (audience, problem) = SegmentBody.Audience(body.Value.Rules);
        return problem is not null ? problem : TypedResults.Ok(Of(await reader.SampleAsync(audience!, Shown, ct))); // no problem
    }

    private static async Task<Results<Ok<Size>, Problem>> EstimateStoredAsync(string id, SegmentStore segments, AudienceReader reader, CancellationToken ct)
    {
        var (segment, audience, problem) = await FindAsync(id, segments, ct);
        if (problem is not null) return problem;
        var size = await reader.CountAsync(audience!, ct); // no problem
        if (size is not null) await segments.NoteSizeAsync(segment, size, ct);
        return TypedResults.Ok(Of(size));
    }

    private static async Task<Results<Ok<Sample>, Problem>> PreviewStoredAsync(string id, SegmentStore segments, AudienceReader reader, CancellationToken ct)
    {
        var (_, audience, problem) = await FindAsync(id, segments, ct);
        return problem is not null ? problem : TypedResults.Ok(Of(await reader.SampleAsync(audience!, Shown, ct))); // no problem
    }

    private static async Task<(Guid Id, AudienceSql? Audience, Problem? Problem)> FindAsync(string id, SegmentStore segments, CancellationToken ct)
    {
        if (!PrefixedId.TryParse(SegmentId.Prefix, id, out var segment) || await segments.FindAsync(segment, ct) is not { } found) return (default, null, Problems.NotFound());
        if (found.Tree is not { } tree) return (segment, Audiences.OfList(segment), null);
        var (audience, problem) = SegmentBody.Audience(tree);
        return (segment, audience, problem);
    }

    private static Size Of(AudienceSize? size) => new(size?.People, size?.OfAll, size?.IsExact ?? false);

    private static Sample Of(IReadOnlyList<SampledPerson> people) => new([.. people.Select(person => new Person(
        person.Id, person.Email is null ? null : Masked.Email(person.Email), person.Phone is null ? null : Masked.Phone(person.Phone),
        person.Locale, person.Country, person.TimeZone, person.Tags))]);
}
