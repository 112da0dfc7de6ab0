namespace NotificationServer.Platform;

/// A stretch of UUIDv7s, for statements on the logs: they are partitioned by id, and without a range in the statement every look-up by
/// id plans for, and opens, the partition of each day that is kept.
internal readonly record struct IdRange(Guid From, Guid Below)
{
    private const int TimeBytes = 6;

    /// Of a notification and its messages: all their ids are made in the same millisecond.
    public static IdRange SiblingsOf(Guid id) => new(WithRest(id, 0x00), WithRest(id, 0xFF));

    /// Of all these and of all their siblings.
    public static IdRange SiblingsOf(IEnumerable<Guid> ids)
    {
        var (oldest, newest) = (Guid.AllBitsSet, Guid.Empty);
        foreach (var id in ids)
        {
            if (id < oldest) oldest = id;
            if (id > newest) newest = id;
        }
        return new IdRange(WithRest(oldest, 0x00), WithRest(newest, 0xFF));
    }

    /// What follows the time in a UUIDv7 is never all ones: its variant says otherwise.
    private static Guid WithRest(Guid id, byte rest)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[TimeBytes..].Fill(rest);
        return new Guid(bytes, bigEndian: true);
    }
}
