using NotificationServer.Admin.Pages.Categories;
using NotificationServer.Channels;
using NotificationServer.Notifications;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using Words = NotificationServer.Admin.Ui.Words;

namespace NotificationServer.Admin.Pages.Users;

/// One address that a message would go to, or would not, and every rule that stands against it.
internal sealed record ReachLine(string Channel, string? Device, string? Address, bool Yes, IReadOnlyList<string> Reasons, string? Provider, DateTimeOffset? Later);

internal sealed record ReachAnswer(IReadOnlyList<Category> Categories, IReadOnlyList<string> Channels, string Sentence, IReadOnlyList<ReachLine> Lines);

/// May we write to them? Decided by the code that decides about each real message; nothing is stored or sent.
internal sealed class ReachDesk(Explanation explanation, CategoryStore categories, TimeProvider clock)
{
    private static readonly string[] Families = ["email", "sms", "push"];

    public async Task<ReachAnswer> AnswerAsync(RecipientId user, string? category, IReadOnlyCollection<string> asked, CancellationToken ct)
    {
        var all = await categories.ListAsync("", MatrixDesk.MostCategories, ct);
        var chosen = all.FirstOrDefault(one => one.Key == category);
        var families = Families.Where(name => asked.Count == 0 || asked.Contains(name)).ToList();
        var usable = families.SelectMany(ChannelNames.Expand).Where(channel => chosen?.Channels is not { } names || names.SelectMany(ChannelNames.Expand).Contains(channel)).ToList();
        if (usable.Count == 0) return new ReachAnswer(all, families, $"No: {chosen?.Name} does not use {string.Join(" or ", families.Select(Words.Channel))}.", []);

        var (explained, errors) = await explanation.OfAsync(new NotificationRequest
        {
            ClientId = Guid.Empty,
            To = [new RecipientReference(user.Value, null, null, null)],
            Channels = usable,
            Category = chosen?.Key,
            // Some words for each channel: what may be said to a person does not depend on them.
            Payload = new NotificationPayload { Content = new Content(Title: "…", Body: "…", Subject: "…", Text: "…") },
        }, mayKnowPeople: true, ct);
        if (explained is null) return new ReachAnswer(all, families, $"That cannot be told: {errors[0].Message}", []);
        var lines = explained.Messages.Select(message => Line(message, chosen)).ToList();
        return new ReachAnswer(all, families, Sentence(lines, chosen), lines);
    }

    private ReachLine Line(ExplainedMessage message, Category? category) => new(
        message.Target.Channel, message.Target.DeviceId, message.Target.DeviceId is null ? message.Target.Address : null, message.WouldSend,
        [.. message.Reasons.Select(reason => ReachWords.Of(reason, message.Target.Channel, category))],
        message.Provider, message.SendAt > clock.GetUtcNow().AddMinutes(1) ? message.SendAt : null);

    private static string Sentence(List<ReachLine> lines, Category? category)
    {
        var what = category is null ? "a message without a category" : $"“{category.Name}”";
        var open = lines.Where(line => line.Yes).Select(line => line.Channel).Distinct().Select(Words.Channel).ToList();
        var limit = category is { LimitCount: not null } ? $" {CategoryWords.Limit(category)}" : "";
        if (open.Count == 0) return $"No: {what} would not be sent to this person on any of these channels.";
        var wait = lines.Exists(line => line is { Yes: true, Later: not null }) ? ", after their quiet hours" : "";
        return $"Yes: {what} would be sent by {string.Join(", ", open)}{wait}.{limit}";
    }
}

/// The rules of reach as people say them.
internal static class ReachWords
{
    public static string Of(string reason, string channel, Category? category) => reason switch
    {
        "blocked" => "The person is blocked: nothing is sent, whatever it is.",
        "no_address" => channel switch
        {
            "email" => "There is no e-mail address.",
            "sms" => "There is no phone number.",
            _ => "There is no device of this kind that is alive.",
        },
        "suppressed_address" => "The address is suppressed: it bounced, complained, or somebody decided so.",
        "opted_out" => $"They switched off {Words.Channel(channel)}, or this address said no to all marketing.",
        "category_opted_out" => category is { DefaultOptIn: false } ? $"They said no to “{category.Name}”, or never said yes, which it needs." : $"They said no to “{category?.Name}” here.",
        "no_provider" => "No provider account can carry it: none for this channel, country or app is switched on.",
        "quiet_hours_expired" => "It is quiet time for them now, and it would be too old when that ends.",
        _ => reason.Replace('_', ' '),
    };
}
