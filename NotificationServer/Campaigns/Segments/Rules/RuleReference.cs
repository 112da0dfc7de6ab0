namespace NotificationServer.Campaigns.Segments.Rules;

internal enum ReferenceKind
{
    Segment,
    Template,
    Category,
    Campaign,
}

/// What a rule names that is kept elsewhere.
internal sealed record RuleReference(ReferenceKind Kind, string Name, string Pointer);
