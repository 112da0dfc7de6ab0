using NotificationServer.Recipients.Consents;

namespace NotificationServer.Tracking.Choices;

/// One kind of message on one family of channels, and whether the person gets it.
internal sealed record Choice(string Category, string Channel, bool IsOn)
{
    public string Key => $"{Category}:{Channel}";
}

/// A kind of message, as its row on the page. Choices is empty for what is always sent.
internal sealed record ChoiceRow(string Category, string Name, bool IsMarketing, IReadOnlyList<Choice> Choices);

/// Whatever keeps everything from an address of the person's, though not by a choice on this page.
internal sealed record HeldAddress(string Channel, string Address, string Reason);

/// What the page shows of a person; addresses are masked, for a link may be passed on.
internal sealed record PersonalChoices
{
    public required bool IsKnown { get; init; }
    public required bool IsBlocked { get; init; }
    public string? Locale { get; init; }
    public IReadOnlyList<string> Addresses { get; init; } = [];
    public IReadOnlyList<string> Channels { get; init; } = [];
    public IReadOnlyList<ChoiceRow> Rows { get; init; } = [];
    public IReadOnlyList<HeldAddress> Held { get; init; } = [];
    /// Families that the person switched off as a whole, for every kind of message at once.
    public IReadOnlySet<string> SwitchedOff { get; init; } = new HashSet<string>();

    public IEnumerable<Choice> All => Rows.SelectMany(row => row.Choices);

    /// What has to be written down so that each of these is as wished.
    public IReadOnlyList<Word> WordsFor(IReadOnlyDictionary<string, bool> wished)
    {
        var words = new List<Word>();
        foreach (var channel in Channels)
        {
            var its = All.Where(choice => choice.Channel == channel).ToList();
            bool Wish(Choice choice) => wished.GetValueOrDefault(choice.Key, choice.IsOn);
            if (its.TrueForAll(choice => Wish(choice) == choice.IsOn)) continue;
            // Switched on again in one place: from then on each kind speaks for itself.
            var opens = SwitchedOff.Contains(channel) && its.Exists(Wish);
            if (opens) words.Add(new Word(channel, "", true));
            words.AddRange(its.Where(choice => opens || Wish(choice) != choice.IsOn).Select(choice => new Word(channel, choice.Category, Wish(choice))));
        }
        return words;
    }
}
