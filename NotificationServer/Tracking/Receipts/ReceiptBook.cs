using System.Security.Cryptography;
using System.Text;
using NotificationServer.Channels;
using NotificationServer.Channels.Receipts;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Recipients.Links;
using NotificationServer.Tracking.Engagement;
using Npgsql;

namespace NotificationServer.Tracking.Receipts;

/// Takes down what a provider told, with all that follows from it, in one transaction: the message moves, its address is suppressed, the
/// person's word is on record, or none of it is.
internal sealed class ReceiptBook(NpgsqlDataSource db, ReportedAddresses addresses, EngagementWriter engagement, TrackedLinks links)
{
    private const int Attempts = 3;

    /// Stored when it returns. How many were not known before.
    public async Task<int> TakeAsync(ReceiptSource from, IReadOnlyList<Receipt> receipts, CancellationToken ct)
    {
        if (receipts.Count == 0) return 0;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await db.OpenConnectionAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                var stored = await TakeAsync(connection, from, receipts, ct);
                await transaction.CommitAsync(ct);
                return stored;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected && attempt < Attempts)
            {
                // Results are written in whatever order they come in; whoever was picked to give way begins again.
            }
        }
    }

    /// In the caller's transaction.
    public async Task<int> TakeAsync(NpgsqlConnection connection, ReceiptSource from, IReadOnlyList<Receipt> receipts, CancellationToken ct)
    {
        var nameless = from.Family == ChannelFamily.Sms
            ? receipts.Where(one => one.MessageId is null).Select(one => one.ProviderMessageId).OfType<string>().Distinct().ToArray() : [];
        var found = await ReceiptWriter.FindAsync(connection, nameless, ct);
        var told = new Dictionary<(Guid, Guid), Receipt>();
        var rows = new List<NewReceipt>(receipts.Count);
        foreach (var receipt in receipts)
        {
            var row = Row(from, receipt, found);
            if (told.TryAdd((row.MessageId, row.Key), receipt)) rows.Add(row);
        }
        var stored = await ReceiptWriter.WriteAsync(connection, new ReceiptWriter.Source(from.Vendor, from.Account, from.Family.Name()), rows, ct);
        var reports = new List<AddressReport>();
        foreach (var one in stored)
            if (Report(from, told[(one.MessageId, one.Key)], one) is { } report && await CountsAsync(connection, from, told[(one.MessageId, one.Key)], one, ct)) reports.Add(report);
        if (reports.Count > 0) await addresses.ApplyAsync(connection, reports, ct);
        var signs = stored.Where(one => one.MessageId != Guid.Empty).Select(one => Sign(from, told[(one.MessageId, one.Key)], one)).OfType<Sign>().ToList();
        if (signs.Count > 0) await engagement.WriteAsync(connection, signs, from.Family.Name(), ct);
        return stored.Count;
    }

    /// What may pass counts only when it comes again and again.
    private static async Task<bool> CountsAsync(NpgsqlConnection connection, ReceiptSource from, Receipt receipt, StoredReceipt stored, CancellationToken ct)
    {
        if (stored.Address is not { Length: > 0 } address || receipt.News is not (AddressNews.Unreachable or AddressNews.Disabled))
            return receipt.News != AddressNews.Unreachable;
        // Nobody's address: there is nothing to count by, and of a mailbox that is switched off the one word must do.
        if (stored.UserId is null) return receipt.News == AddressNews.Disabled;
        var most = receipt.News == AddressNews.Unreachable ? FailingAddresses.Unreachable : FailingAddresses.Disabled;
        return await FailingAddresses.IsDeadAsync(connection, new(stored.MessageId, stored.UserId, from.Family.Name(), address, receipt.Code ?? "", most), ct);
    }

    /// A link of ours that the provider wrapped in one of its own is the same link.
    private Sign? Sign(ReceiptSource from, Receipt receipt, StoredReceipt stored) => Engagement.Sign.KindOf(receipt.Kind) is { } kind
        ? new Sign(stored.MessageId, kind, receipt.By, receipt.At) { Source = from.Account, Url = receipt.Url is { } url ? links.Unwrapped(url) : null } : null;

    private static NewReceipt Row(ReceiptSource from, Receipt receipt, IReadOnlyDictionary<string, Guid> found) => new()
    {
        MessageId = receipt.MessageId ?? (receipt.ProviderMessageId is { } id && found.TryGetValue(id, out var message) ? message : Guid.Empty),
        Key = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{from.Vendor}\n{from.Account}\n{receipt.Key}")).AsSpan(0, 16)),
        Event = Short(receipt.Event)!, // it is required
        Kind = receipt.Kind.Name(),
        Class = receipt.Class.ClassName(),
        Status = receipt.Kind.MessageStatus(),
        Code = Short(receipt.Code),
        Reason = receipt.Kind is ReceiptKind.Bounced or ReceiptKind.Failed ? Reason(from, receipt) : null,
        ProviderMessageId = Short(receipt.ProviderMessageId),
        At = receipt.At,
        Detail = receipt.Detail,
    };

    /// For an operator: who says so, and what.
    private static string Reason(ReceiptSource from, Receipt receipt) =>
        $"{from.Account}: {receipt.Words ?? (receipt.Kind == ReceiptKind.Bounced ? "it came back" : "it was not delivered")} ({receipt.Code ?? receipt.Event})";

    private AddressReport? Report(ReceiptSource from, Receipt receipt, StoredReceipt stored)
    {
        if (receipt.News == AddressNews.None || AddressOf(from, receipt, stored) is not { } address) return null;
        var (kind, category) = receipt.News switch
        {
            AddressNews.Stopped => (ReportKind.Stopped, ""),
            AddressNews.Complained => (ReportKind.Complained, ""),
            AddressNews.Unsubscribed => (ReportKind.Unsubscribed, ""),
            AddressNews.UnsubscribedFromGroup => (ReportKind.Unsubscribed, Group(stored)),
            AddressNews.ResubscribedToGroup => (ReportKind.Resubscribed, Group(stored)),
            AddressNews.Dead or AddressNews.Disabled or AddressNews.Unreachable or AddressNews.None => (ReportKind.Dead, ""),
        };
        return new AddressReport(from.Family.Name(), address, kind, category, $"{from.Account}: {receipt.Code ?? receipt.Event}", stored.UserId);
    }

    /// The address that the message went to. Where there is no message (any more), the one that the provider names, if its word can be trusted.
    private string? AddressOf(ReceiptSource from, Receipt receipt, StoredReceipt stored) => stored.Address switch
    {
        ReportedAddresses.Erased => Normal(from, receipt.Address) is { } told ? addresses.HashOf(told) : null,
        { Length: > 0 } known => known,
        _ => from.IsSigned ? Normal(from, receipt.Address) : null,
    };

    /// As intake writes addresses down; null: it would not have taken this one.
    private static string? Normal(ReceiptSource from, string? address) => from.Family == ChannelFamily.Email
        ? EmailAddress.TryParse(address, out var mail, out _) ? mail : null
        : PhoneNumber.TryParse(address, out var phone, out _) ? phone : null;

    private static string Group(StoredReceipt stored) => stored.Category is { Length: > 0 } category ? category : SuppressionScope.AllMarketing;

    private static string? Short(string? text) => text?.Storable(200);
}

/// Who told it. Signed: nobody else can have said so, also of addresses that no message of ours went to.
internal sealed record ReceiptSource(string Vendor, string Account, ChannelFamily Family, bool IsSigned);
