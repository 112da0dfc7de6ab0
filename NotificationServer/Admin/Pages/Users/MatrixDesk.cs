using NotificationServer.Platform;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Consents;
using NotificationServer.Recipients.Links;

namespace NotificationServer.Admin.Pages.Users;

/// Reads what somebody wants, and writes down what they told a colleague, with the reason in the audit log.
internal sealed class MatrixDesk(PreferenceStore preferences, CategoryStore categories, RecipientReader recipients, ConsentStore consents)
{
    public const int MostCategories = 500;

    /// In the history of consents: said to a colleague, who is named there as its actor.
    public const string Source = "admin";

    public async Task<Matrix?> ReadAsync(RecipientId user, CancellationToken ct)
    {
        if (await preferences.FindAsync(user, ct) is not { } stored) return null;
        var known = await recipients.ReadAsync([user.Value], [], [], ct);
        return known.People.GetValueOrDefault(user.Value) is { } person
            ? Matrix.Of(stored, await categories.ListAsync("", MostCategories, ct), person, known) : null;
    }

    /// False: there is no such user any more.
    public Task<bool> ChooseAsync(RecipientId user, Cell before, string category, bool optIn, string by, string reason, CancellationToken ct) =>
        consents.SayAsync(new PersonalLink { UserId = user.Value }, [new Word(before.Channel, category, optIn)], new Said
        {
            Source = Source,
            Actor = by,
            Audit = new AuditEntry(by, "user.preference", $"user:{user.Value}")
            {
                Before = Told(before.Channel, category, before.Wish?.OptIn), After = Told(before.Channel, category, optIn), Reason = reason,
            },
        }, ct);

    public async Task<bool> SetQuietAsync(RecipientId user, QuietHours? before, QuietChange change, string by, string reason, CancellationToken ct) =>
        await preferences.PutAsync(user, [], change, Source, by, _ => true, new AuditEntry(by, "user.quiet_hours", $"user:{user.Value}")
        {
            Before = Told(before), After = Told(change.Quiet), Reason = reason,
        }, ct) == PreferenceStore.PutResult.Stored;

    private static Dictionary<string, object?> Told(string channel, string category, bool? optIn) => new()
    {
        ["channel"] = channel, ["category"] = category.Length == 0 ? null : category, ["opt_in"] = optIn,
    };

    private static Dictionary<string, object?> Told(QuietHours? quiet) => new() { ["from"] = quiet?.From, ["to"] = quiet?.To, ["time_zone"] = quiet?.TimeZone };
}
