using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Segments;

namespace NotificationServer.Admin.Pages.Segments;

/// Who is meant right now. Problem: why nobody can say.
internal sealed record SegmentLook(AudienceSize? Size, IReadOnlyList<SampledPerson> People, string? Problem = null)
{
    public const int Shown = 10;

    public string Sentence => (Problem, Size) switch
    {
        ({ } problem, _) => problem,
        (_, null) => "There are too many people, and these rules take too long, to say how many are meant. A campaign would still find them, step by step.",
        (_, { People: 0, IsExact: true }) => "Nobody is meant.",
        (_, { } size) => $"{(size.IsExact ? "" : "About ")}{Words.Number(size.People)} {Words.Plural(size.People, "person", "people")}{Share(size)}",
    };

    private static string Share(AudienceSize size) => size.OfAll == 0 ? "." : size.People == size.OfAll && size.IsExact ? ": everybody we know."
        : $", {(size.People * 1000 / size.OfAll) switch { 0 => "less than 0.1", var share => (share / 10m).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture) }} % of those we know.";
}
