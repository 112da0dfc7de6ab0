using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Templates.Shared;

namespace NotificationServer.Templates;

/// All that a version can say, in every locale. Immutable, shared.
internal sealed class Wording
{
    private readonly Words main;
    private readonly Dictionary<string, Words> locales = new(LocaleChain.Comparer);
    private readonly IReadOnlyList<string>[] required;
    private readonly bool[] wantsLinks, wantsPerson;

    public Wording(TemplateParts parts, PartialSnapshot? partials = null)
    {
        var snapshot = partials ?? PartialSnapshot.Empty;
        main = new Words(parts.DefaultLocale, parts, snapshot, "/channels");
        foreach (var (locale, other) in parts.Locales ?? new Dictionary<string, TemplateParts>())
            locales[locale] = new Words(locale, other, snapshot, $"/locales/{locale}");

        // Asked for with every notification, hence worked out once.
        required = [.. Enum.GetValues<ChannelFamily>().Select(family => (IReadOnlyList<string>)
            [.. All.SelectMany(words => words.Required(family)).Distinct(StringComparer.Ordinal)])];
        wantsLinks = [.. Enum.GetValues<ChannelFamily>().Select(family => All.Any(words => MentionsLink(words, family, snapshot)))];
        wantsPerson = [.. Enum.GetValues<ChannelFamily>().Select(family => All.Any(words =>
            words.Texts(family).Any(text => text.Variables.Any(variable => PersonVariables.Touches(variable.Path)))))];
    }

    /// The default words first.
    public IEnumerable<Words> All => locales.Values.Prepend(main);

    /// What the rules refused. A version that was stored under older rules may have some; it then renders to an error.
    public IReadOnlyList<TemplateError> Errors => [.. All.SelectMany(words => words.Errors)];

    public bool CanSay(ChannelFamily family) => main.Parts.Has(family);

    public bool WantsLinks(ChannelFamily family) => wantsLinks[(int)family];

    public bool WantsPerson(ChannelFamily family) => wantsPerson[(int)family];

    /// Of every locale: who will be spoken to in which is not known where data is checked.
    public IReadOnlyList<string> Required(ChannelFamily family) => required[(int)family];

    /// Every name that the words of one locale mention.
    public IEnumerable<TemplateVariable> Variables(ChannelFamily family, string? locale) => For(family, locale).Texts(family).SelectMany(text => text.Variables);

    public IReadOnlyList<TemplateError> CheckAll() => [.. All.SelectMany(words => words.CheckAll())];

    /// de-CH -> de -> default. All of a family comes from one locale: a German subject over an English text helps nobody.
    public Words For(ChannelFamily family, string? locale)
    {
        if (locales.Count > 0)
        {
            for (var one = locale; one is not null; one = LocaleChain.Next(one))
                if (locales.TryGetValue(one, out var words) && words.Parts.Has(family)) return words;
        }
        return main;
    }

    public RenderResult Render(ChannelFamily family, JsonElement values, TimeProvider clock, RenderSetting? setting = null) => CanSay(family)
        ? For(family, setting?.Locale).Render(family, values, clock, setting ?? RenderSetting.Neutral)
        : RenderResult.Failed($"the template has no words for {family.Name()}");

    // A partial may bring the link along, so that those count which a text may include.
    private static bool MentionsLink(Words words, ChannelFamily family, PartialSnapshot partials)
    {
        var sources = words.Parts.Sources(family).ToList();
        if (sources.Exists(Mentions)) return true;
        return sources.Exists(text => Partials.Named(text).Count > 0) && partials.Sources.Any(Mentions);

        static bool Mentions(string text) => LinkVariables.Names.Any(name => text.Contains(name, StringComparison.Ordinal));
    }
}
