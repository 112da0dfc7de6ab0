using NotificationServer.Queue;

namespace NotificationServer.Api.Operations;

internal static class LaneWords
{
    public static string Of(Lane lane) => lane switch
    {
        Lane.Critical => "critical",
        Lane.Transactional => "transactional",
        Lane.Bulk => "bulk",
    };
}
