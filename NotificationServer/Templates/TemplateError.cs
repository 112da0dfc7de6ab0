namespace NotificationServer.Templates;

/// What is wrong with a template, for the person who wrote it: where (a JSON pointer into the request), a code, and words.
internal sealed record TemplateError(string Pointer, string Code, string Message);
