using NotificationServer.Channels;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Templates.Lint;

/// Takes a draft apart for the rules: each language's own words, said with the sample data.
internal sealed class LintReader(Previewer previewer)
{
    public IReadOnlyList<Finding> Check(Draft draft) => Linter.Check(Read(draft));

    public LintSubject Read(Draft draft) => new()
    {
        Parts = [.. draft.Locales.SelectMany(locale => PartsOf(draft, locale))],
        Marketing = draft.Marketing,
        Schema = draft.Schema,
        Sample = draft.Sample,
        Partials = [.. draft.Partials.Copies.SelectMany(copy => copy.Value.Texts.Sources.Select(text => new LintPartial(copy.Key, text)))],
        Refused = TemplateRules.Check(draft.Source, draft.Partials),
    };

    private IEnumerable<LintPart> PartsOf(Draft draft, string? locale)
    {
        var own = draft.Own(locale);
        var families = Enum.GetValues<ChannelFamily>().Where(own.Has).ToList();
        if (families.Count == 0) yield break;
        var wording = new Wording(draft.Parts, draft.Partials);
        foreach (var preview in previewer.Of(draft, new Viewer(Locale: locale), families))
            yield return new LintPart(locale, preview.Family, $"{(locale is null ? "/channels" : $"/locales/{locale}")}/{preview.Family.Name()}")
            {
                Push = preview.Family == ChannelFamily.Push ? own.Push : null,
                Sms = preview.Family == ChannelFamily.Sms ? own.Sms : null,
                Email = preview.Family == ChannelFamily.Email ? own.Email : null,
                Variables = [.. wording.Variables(preview.Family, locale).Distinct()],
                Said = preview.Content,
                Problem = preview.Problem,
                MadeUp = preview.MadeUp.Count > 0,
            };
    }
}
