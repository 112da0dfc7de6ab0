namespace NotificationServer.Queue;

/// Who goes first within a channel. The numbers are stored.
internal enum Lane : short
{
    Critical = 0,
    Transactional = 1,
    Bulk = 2,
}
