namespace NotificationServer.Campaigns.Segments;

/// How many people are meant, of how many we know. Not exact: estimated from a sample.
internal sealed record AudienceSize(long People, long OfAll, bool IsExact);

/// Somebody of an audience, as far as it takes to see whether the rules mean what they should.
internal sealed record SampledPerson
{
    public required string Id { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Locale { get; init; }
    public string? Country { get; init; }
    public string? TimeZone { get; init; }
    public required string[] Tags { get; init; }
}
