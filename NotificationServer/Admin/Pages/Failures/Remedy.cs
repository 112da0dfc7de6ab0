namespace NotificationServer.Admin.Pages.Failures;

/// What broke and what to do about it, in two sentences. By the code that this server gives, else by how the last attempt ended.
internal static class Remedy
{
    public static (string What, string Advice) Of(string? code, string? provider, string? outcome) => code switch
    {
        "template_error" => ("The words could not be made: the data does not fit the template.",
            "Messages keep the template's version that they were accepted with, so mending the template helps new ones only: discard these, unless what was wrong lay outside of it."),
        "crash_loop" => ("The nodes that held these messages died or froze, several times.",
            "Look at one of them before you send it again: what brings a node down may do so again."),
        "restored" => ("They were queued in an older copy of the database, which was restored: some of them were sent before.",
            "Requeue what matters more than a repeat. What its provider knows by our key it does not deliver twice."),
        "account_removed" => ("They may have been sent by a provider account that is there no more.",
            "Nobody can tell whether they arrived. Requeue them if a repeat does less harm than silence."),
        "no_provider" => ("There was no provider account that could carry them.", "Set one up for this channel, then requeue them."),
        _ => OfOutcome(provider ?? "The provider", outcome),
    };

    private static (string What, string Advice) OfOutcome(string provider, string? outcome) => outcome switch
    {
        "permanent" => ($"{provider} refused them for good.", "Sent again as they are, they are refused again: requeue them once the cause is mended, or through another provider."),
        "address_dead" => ($"{provider} says that the address is dead.", "The address is not written to any more. Discard them: nothing will reach it."),
        "misconfigured" => ($"{provider} refuses our credentials or set-up.", "Mend the account, then requeue them: nothing is wrong with the messages."),
        "transient" or "throttled" => ($"{provider} kept refusing them until we gave up.", "If it works again, requeue them at a moderate rate."),
        "not_sent" => ($"{provider} could not be reached.", "Nothing left the house: requeue them when the connection is back. None of them can arrive twice."),
        "unknown" => ($"Nobody knows whether {provider} took them: no answer came.", "Some may have arrived. Requeue them if a repeat does less harm than silence."),
        "accepted" => ($"{provider} took them, and said later that they failed.", "Look at what its receipt says; through another provider they may arrive."),
        _ => ("They failed before any provider was called.", "Look at one of them: its story says why."),
    };
}
