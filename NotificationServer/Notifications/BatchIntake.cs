namespace NotificationServer.Notifications;

/// A transport key of a whole batch. Describe puts the answer into the words that are to be repeated.
internal sealed record BatchKey(string Value, byte[] Hash, Func<IReadOnlyList<BatchItem>, string> Describe);

/// What became of one request of a batch.
internal readonly record struct BatchItem(IntakeStatus Status, Guid Id, IReadOnlyList<IntakeError> Errors);

/// Accepted: see the items. Else nothing of this call was stored.
internal sealed record BatchResult(IntakeStatus Status, IReadOnlyList<BatchItem> Items)
{
    public string? StoredAnswer { get; init; }
    public int StoredStatus { get; init; }
}

/// Accepts many notifications at once: what is valid is stored by one commit, or nothing is.
internal sealed class BatchIntake(Preparation preparation, IntakeBounds bounds, BatchWriter writer)
{
    private static readonly BatchItem Refused = new(IntakeStatus.Invalid, Guid.Empty, []);

    /// A request that is null was refused already; it keeps its place among the items.
    public async Task<BatchResult> AcceptAsync(Guid client, IReadOnlyList<NotificationRequest?> requests, BatchKey? key, CancellationToken ct)
    {
        var items = new BatchItem[requests.Count];
        var (valid, places) = (new List<PreparedRequest>(requests.Count), new List<int>(requests.Count));
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Refused;
            if (requests[i] is not { } request) continue;
            var (prepared, errors) = await preparation.PrepareAsync(request, ct);
            if (prepared is null)
            {
                items[i] = new BatchItem(IntakeStatus.Invalid, Guid.Empty, errors);
                continue;
            }
            if (bounds.AreFullFor(prepared)) return new BatchResult(IntakeStatus.QueueFull, []);
            valid.Add(prepared);
            places.Add(i);
        }
        if (valid.Count == 0 && key is null) return new BatchResult(IntakeStatus.Accepted, items);
        return await writer.StoreAsync(client, new BatchWriter.Batch(items, valid, places, key));
    }
}
