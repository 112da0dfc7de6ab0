namespace NotificationServer.Templates;

/// A template as it should be: a whole, of which what differs is stored.
internal sealed record TemplateEdit(string Name, string? Category, TrackingSwitch Tracking, bool Archived, VersionSource Source);
