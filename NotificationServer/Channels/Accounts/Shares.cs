namespace NotificationServer.Channels.Accounts;

/// Who of several accounts of one order is asked first: by weight, and for one message always the same. When an account
/// comes or goes, only its own share moves.
internal static class Shares
{
    public static int Compare(ProviderAccount one, ProviderAccount other, Guid message)
    {
        if (one.Order != other.Order) return one.Order.CompareTo(other.Order);
        var ranked = Rank(other, message).CompareTo(Rank(one, message));
        return ranked != 0 ? ranked : string.CompareOrdinal(one.Key, other.Key);
    }

    /// Rendezvous hashing: the highest of the accounts' own draws, each stretched by its weight.
    private static double Rank(ProviderAccount account, Guid message)
    {
        Span<byte> bytes = stackalloc byte[16];
        message.TryWriteBytes(bytes);
        var hash = 14695981039346656037UL;
        foreach (var one in bytes) hash = (hash ^ one) * 1099511628211UL;
        foreach (var one in account.Key) hash = (hash ^ one) * 1099511628211UL;
        // The last steps of a hash that spreads a difference of one bit over all of them.
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        hash ^= hash >> 33;
        var draw = ((hash >> 11) + 0.5) / (1UL << 53);
        return -account.Weight / Math.Log(draw);
    }
}
