namespace NotificationServer.Admin.Ui;

/// A secret in the answer to the very request that made it: it is in no cookie, no URL and no store, so nobody can show it again.
internal sealed record SecretShown(string Title, string Value, string Advice, string DoneUrl);
