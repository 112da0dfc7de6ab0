namespace NotificationServer.Channels.Accounts;

/// Messages that fit go through these accounts, in this order, and through no others. An empty list means: whatever it is.
internal sealed record RoutingRule
{
    public required string Key { get; init; }
    /// Channels or families.
    public string[] Channels { get; init; } = [];
    public string[] Countries { get; init; } = [];
    public string[] Apps { get; init; } = [];
    public string[] Categories { get; init; } = [];
    public string[] Templates { get; init; } = [];
    public required string[] Accounts { get; init; }

    public bool Concerns(Channel channel) => Channels.Length == 0 || Channels.Contains(channel.Name()) || Channels.Contains(channel.Family().Name());

    public bool Fits(in RouteQuery query, string? country) =>
        Concerns(query.Channel) && Names(Countries, country) && Names(Apps, query.AppId)
        && Names(Categories, query.Category) && Names(Templates, query.Template);

    private static bool Names(string[] listed, string? value) => listed.Length == 0 || (value is not null && listed.Contains(value));
}
