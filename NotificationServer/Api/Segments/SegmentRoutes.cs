namespace NotificationServer.Api.Segments;

internal static class SegmentRoutes
{
    public static void Map(RouteGroupBuilder v1)
    {
        CreateSegment.Map(v1);
        ListSegments.Map(v1);
        GetSegment.Map(v1);
        PatchSegment.Map(v1);
        DeleteSegment.Map(v1);
        LookAtSegment.Map(v1);
        PutSegmentMembers.Map(v1);
        ListSegmentMembers.Map(v1);
    }
}
