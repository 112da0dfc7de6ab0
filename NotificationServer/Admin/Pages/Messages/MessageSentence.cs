using NotificationServer.Admin.Ui;

namespace NotificationServer.Admin.Pages.Messages;

/// A message in one sentence: who, what, how, and where it is.
internal static class MessageSentence
{
    public static string Of(MessageHead head, string who)
    {
        var how = Words.Channel(head.Channel) switch { "E-mail" => "e-mail", var name => name };
        return $"{(head.Template is null ? "A message" : $"“{head.Template}”")} to {who} by {how}: {Where(head)}{(head.Sandbox ? " It is a test: it goes to the inbox and to nobody else." : "")}";
    }

    private static string Where(MessageHead head) => head.State switch
    {
        "ready" => "it waits to be sent.",
        "scheduled" => $"it is planned for {Exact(head.RunAt ?? head.SendAt)}.",
        "retrying" => $"it was refused for now, and is tried again at {Exact(head.RunAt)}.",
        "processing" => "it is being sent at this moment.",
        "sent" => $"{head.Provider ?? "the provider"} took it at {Exact(head.SentAt ?? head.UpdatedAt)}.",
        "delivered" => $"it was delivered; {head.Provider ?? "the provider"} took it at {Exact(head.SentAt ?? head.UpdatedAt)}.",
        "bounced" => $"it came back at {Exact(head.UpdatedAt)}.",
        "failed" => $"it failed for good at {Exact(head.UpdatedAt)}{(head.Fingerprint is null ? "" : ", and waits for a decision")}.",
        "suppressed" => "it was not sent, because a rule forbids it.",
        "expired" => $"its time was over at {Exact(head.ExpiresAt ?? head.UpdatedAt)} before it could be sent.",
        "cancelled" => $"it was cancelled at {Exact(head.UpdatedAt)}.",
        var other => $"{other}.",
    };

    private static string Exact(DateTimeOffset? at) => at is { } known ? Words.Exact(known) : "a time that nobody knows";
}
