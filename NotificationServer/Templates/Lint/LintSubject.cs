using System.Text.Json;
using NotificationServer.Channels;

namespace NotificationServer.Templates.Lint;

/// One family's words in one language: their source, and what becomes of them with the sample data.
internal sealed record LintPart(string? Locale, ChannelFamily Family, string Pointer)
{
    public PushPart? Push { get; init; }
    public SmsPart? Sms { get; init; }
    public EmailPart? Email { get; init; }
    /// Every name that the part mentions, those of its partials too.
    public IReadOnlyList<TemplateVariable> Variables { get; init; } = [];
    /// Null: it cannot be said with the sample data; why is in <see cref="Problem"/>.
    public Content? Said { get; init; }
    public string? Problem { get; init; }
    /// Some of what was said are names, because the sample lacks their values.
    public bool MadeUp { get; init; }

    public string In(string part) => $"{Pointer}/{part}";

    public Finding Find(Severity severity, string code, string part, string message, string? mend = null) =>
        new(severity, code, part.Length == 0 ? Pointer : In(part), Locale, message, mend);
}

/// A text that the version took from elsewhere.
internal sealed record LintPartial(string Key, string Text)
{
    public string Pointer => $"/partials/{Key}";
}

/// Everything that the rules read. They are functions of this: no clock, no database, no network.
internal sealed record LintSubject
{
    public required IReadOnlyList<LintPart> Parts { get; init; }
    public IReadOnlyList<LintPartial> Partials { get; init; } = [];
    /// Of a marketing category: every mail needs a way out.
    public bool Marketing { get; init; }
    /// A JSON Schema of the data; null: nobody declared the variables.
    public JsonElement? Schema { get; init; }
    /// Null: there is no sample.
    public JsonElement? Sample { get; init; }
    /// What the rules for storing refused.
    public IReadOnlyList<TemplateError> Refused { get; init; } = [];

    public IEnumerable<LintPart> Of(ChannelFamily family) => Parts.Where(part => part.Family == family);
}
