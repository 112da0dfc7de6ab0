namespace NotificationServer.Api.Operations;

/// What operators call.
internal static class OperationRoutes
{
    public static void Map(RouteGroupBuilder v1)
    {
        ListQueues.Map(v1);
        HoldQueue.Map(v1);
        HoldAccount.Map(v1);
        ListFailures.Map(v1);
        ListLeases.Map(v1);
        RequeueMessage.Map(v1);
        RequeueMessages.Map(v1);
        DiscardMessages.Map(v1);
        GetOperation.Map(v1);
        CancelOperation.Map(v1);
        UndoOperation.Map(v1);
        GetBalance.Map(v1);
        ListAuditLog.Map(v1);
    }
}
