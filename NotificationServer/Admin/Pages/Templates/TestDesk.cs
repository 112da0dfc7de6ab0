using NotificationServer.Admin.Ui;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Addresses;
using NotificationServer.Templates;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Admin.Pages.Templates;

/// A test send from the editor: whatever was typed is understood as an address of the channel that is shown, or as a user.
internal sealed class TestDesk(TemplateDesk desk, TestSend tests, PhonePolicy phones)
{
    public async Task<(bool Failed, string Words)> SendAsync(TemplateHead head, EditorForm form, string? typed, string? author, CancellationToken ct)
    {
        if (form.Channel is not ("email" or "sms" or "push")) return (true, "Choose E-mail, SMS or Push above first.");
        var family = form.Channel switch { "email" => ChannelFamily.Email, "sms" => ChannelFamily.Sms, _ => ChannelFamily.Push };
        // What was saved, not what is being typed: so that a test says the same tomorrow.
        if (await desk.DraftAsync(head, form.Base, ct) is not { } draft) return (true, "Save it first.");
        return await SendAsync(head.Key, form.Base, draft, family, new Viewer(Locale: form.Current.Tag), typed, author, ct);
    }

    /// The draft's words, with the draft's sample.
    public async Task<(bool Failed, string Words)> SendAsync(
        string template, int version, Draft draft, ChannelFamily family, Viewer viewer, string? typed, string? author, CancellationToken ct)
    {
        if (Recipient(family, typed, viewer.Locale) is not { } to) return (true, Wanted(family));
        var result = await tests.SendAsync(new TestOrder(Authors.Of(author), template, version, to, family) { Draft = draft, Viewer = viewer }, ct);
        return result.Status switch
        {
            TestSendStatus.Sent when result.Notification is { Messages: [] } => (true, "Nothing was sent: this user has no device."),
            TestSendStatus.Sent when result.Notification?.Messages.FirstOrDefault(message => message.Reason is null) is null =>
                (true, $"Nothing was sent: {result.Notification?.Messages[0].Reason?.Replace('_', ' ')}."),
            TestSendStatus.Sent => (false, $"Version {version} is on its way to {typed}."),
            TestSendStatus.CannotSay => (true, $"Nothing was sent: {result.Problem}."),
            TestSendStatus.TooMany => (true, $"Too many tests at once. Wait {result.Wait.TotalSeconds:0} seconds."),
            TestSendStatus.Refused => (true, $"Nothing was sent: {(result.Errors is [var first, ..] ? first.Message : "the queue is full; try again")}"),
        };
    }

    private RecipientReference? Recipient(ChannelFamily family, string? typed, string? locale)
    {
        if (string.IsNullOrEmpty(typed)) return null;
        if (family == ChannelFamily.Email && EmailAddress.TryParse(typed, out var email, out _)) return new RecipientReference(null, email, null, locale);
        if (family == ChannelFamily.Sms && phones.Takes(typed, out var phone, out _)) return new RecipientReference(null, null, phone, locale);
        return !typed.StartsWith('+') && RecipientId.IsValid(typed) && (family == ChannelFamily.Push || !typed.Contains('@', StringComparison.Ordinal))
            ? new RecipientReference(typed, null, null, null)
            : null;
    }

    private static string Wanted(ChannelFamily family) => family switch
    {
        ChannelFamily.Email => "Write an address such as you@example.org, or a user's id.",
        ChannelFamily.Sms => "Write a number such as +41791234567, or a user's id.",
        ChannelFamily.Push => "Write the id of a user with a device.",
    };
}
