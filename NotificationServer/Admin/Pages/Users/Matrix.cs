using NotificationServer.Channels;
using NotificationServer.Recipients;

namespace NotificationServer.Admin.Pages.Users;

/// Whether a kind of message reaches somebody on a channel as far as they have a say, and whose word that is.
internal enum CellState
{
    On,
    Off,
    /// Always sent: the class of the category allows no choice.
    Fixed,
    /// The category does not use this channel.
    Unused,
}

/// Wish: the row that is stored for this very place. Why: where the effective state comes from, if not from it.
internal sealed record Cell(string Channel, CellState State, Preference? Wish, string Why, DateTimeOffset? Since);

/// Category "": everything on the channel.
internal sealed record MatrixRow(string Category, string Name, string Class, IReadOnlyList<Cell> Cells);

internal sealed record Matrix(IReadOnlyList<string> Channels, IReadOnlyList<MatrixRow> Rows, QuietHours? Quiet)
{
    private static readonly string[] Families = ["email", "sms", "push"];
    private const Refusals Choices = Refusals.OptedOut | Refusals.CategoryOptedOut;

    /// By the very rules that decide about each send, so that the table cannot say anything else.
    public static Matrix Of(StoredPreferences stored, IReadOnlyList<Category> categories, Person person, KnownRecipients known)
    {
        // A push channel has a column of its own where somebody said something about that one.
        string[] channels = [.. Families, .. ChannelNames.All.Select(channel => channel.Name()).Where(name => !Families.Contains(name) && stored.Wishes.Any(wish => wish.Channel == name))];
        var rows = new List<MatrixRow> { new("", "Everything", "", [.. channels.Select(channel => Of(channel, null, stored, person, known))]) };
        rows.AddRange(categories.Select(category =>
            new MatrixRow(category.Key, category.Name, category.Class, [.. channels.Select(channel => Of(channel, category, stored, person, known))])));
        return new Matrix(channels, rows, stored.Quiet);
    }

    private static Cell Of(string name, Category? category, StoredPreferences stored, Person person, KnownRecipients known)
    {
        var rule = category is null ? CategoryRule.None : RuleOf(category);
        var wish = Wish(stored, name, category?.Key ?? "");
        if (rule.Class == MessageClass.Critical) return new Cell(name, CellState.Fixed, wish, "always sent: sign-in codes and security", null);
        var channels = ChannelNames.Expand(name).Where(rule.MayUse).ToList();
        if (channels.Count == 0) return new Cell(name, CellState.Unused, wish, "not used by this category", null);

        var address = name switch { "email" => person.Email, "sms" => person.Phone, _ => null } ?? "";
        var isOn = channels.Exists(channel => (ReachRules.Refuses(person, channel, rule, address, known) & Choices) == 0);
        var state = isOn ? CellState.On : CellState.Off;
        var family = channels[0].Family().Name();
        var whole = Wish(stored, name, "") ?? Wish(stored, family, "");
        if (category is not null && whole is { OptIn: false } && !isOn) return new Cell(name, state, wish, $"everything on {Ui.Words.Channel(whole.Channel)} is off", whole.OccurredAt);
        if ((wish ?? Wish(stored, family, category?.Key ?? "")) is { } said && said.OptIn == isOn)
            return new Cell(name, state, wish, said.Channel == name ? said.Source : $"{said.Source}, for all push", said.OccurredAt);
        if (!isOn && channels.TrueForAll(channel => (ReachRules.Refuses(person, channel, rule, "", known) & Choices) == 0))
            return new Cell(name, state, wish, "the address itself was unsubscribed", null);
        return new Cell(name, state, wish, category is null ? "nobody said anything" : rule.DefaultOptIn ? "nobody was asked: sent by default" : "nobody said yes to it", null);
    }

    private static Preference? Wish(StoredPreferences stored, string channel, string category) =>
        stored.Wishes.FirstOrDefault(wish => wish.Channel == channel && wish.Category == category);

    private static CategoryRule RuleOf(Category category) => new(category.Key, Enum.Parse<MessageClass>(category.Class, ignoreCase: true), category.ExpiresAfter)
    {
        DefaultOptIn = category.DefaultOptIn, Channels = category.Channels?.SelectMany(ChannelNames.Expand).ToHashSet(),
    };
}
