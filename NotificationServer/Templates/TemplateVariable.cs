namespace NotificationServer.Templates;

/// A name that a text mentions, as a path from the root of the data: `order.number`, and `items[].title` for what each item of a
/// list has. Required: without it there is nothing to print, so the text is not sent.
internal readonly record struct TemplateVariable(string Path, bool Required);
