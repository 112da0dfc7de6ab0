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
internal readonly record struct Tag(TagKind Kind, string Word = "", Term? Subject = null)
{
    public bool IsComparing => Kind == TagKind.Open && TagGrammar.IsCondition(Word) || Kind == TagKind.ElseIf;
}
