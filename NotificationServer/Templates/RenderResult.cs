using System.Diagnostics.CodeAnalysis;

namespace NotificationServer.Templates;

/// The words, or why there are none. A message names the part and the rule, never the data.
internal readonly record struct RenderResult
{
    public const string TemplateError = "template_error";

    public Content? Content { get; private init; }
    /// Of the words that were used, which need not be the person's; null where the default's is not known.
    public string? Locale { get; private init; }
    public string? ErrorCode { get; private init; }
    public string? ErrorMessage { get; private init; }
    /// What the person's profile does not say: nothing is wrong with the template or the data, and another person gets the message.
    public string? LacksOfPerson { get; private init; }

    [MemberNotNullWhen(true, nameof(Content))]
    [MemberNotNullWhen(false, nameof(ErrorCode), nameof(ErrorMessage))]
    public bool Succeeded => Content is not null;

    public static RenderResult Of(Content content, string? locale = null) => new() { Content = content, Locale = locale };
    public static RenderResult Failed(string message) => new() { ErrorCode = TemplateError, ErrorMessage = message };
    public static RenderResult Lacking(string variable) => Failed($"the person's profile lacks '{variable}'") with { LacksOfPerson = variable };
}
