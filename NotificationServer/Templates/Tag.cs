namespace NotificationServer.Templates;

internal enum TagKind
{
    Print,
    Open,
    Else,
    ElseIf,
    Close,
    Comment,
}

/// One tag as understood: `{{#each items}}` is (Open, each, items).
internal readonly record struct Tag(TagKind Kind, string Word, string Path)
{
    public string Canonical(bool trimLeft, bool trimRight, bool asLink)
    {
        var inside = Kind switch
        {
            TagKind.Print => asLink ? $"{TemplateLanguage.LinkHelper} {Path}" : Path,
            TagKind.Open => $"#{Word} {Path}",
            TagKind.Else => "else",
            TagKind.ElseIf => $"else if {Path}",
            TagKind.Close => $"/{Word}",
            TagKind.Comment => "! ",
        };
        return $"{{{{{(trimLeft ? "~" : "")}{inside}{(trimRight ? "~" : "")}}}}}";
    }
}
