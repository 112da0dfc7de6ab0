using NotificationServer.Templates;

namespace NotificationServer.Admin.Pages.Messages;

/// Why a message was not sent, in words, with the way to the cause.
internal sealed record Because(string Words, string? LinkText = null, string? Link = null)
{
    /// Code: as it stands with the message, where it says more than the reason. Person: the user's page; Blocked and Suppressed: the lists that hold the address.
    public static Because Of(string reason, string? user, string? category, string? categoryName, string? code = null)
    {
        var person = user is null ? null : $"/users/{Uri.EscapeDataString(user)}";
        return reason switch
        {
            "blocked" => new("This person is blocked: nobody may write to them on any channel.", "The block", user is null ? "/blocked" : person),
            "no_address" => new("There was nowhere to send it: the person has no address or device for this channel, or is not known any more.", person is null ? null : "Their addresses", person),
            "suppressed_address" => new("The address is on the suppression list: it bounced, complained, unsubscribed, or somebody put it there.", "The suppression list", "/suppressions"),
            "opted_out" => new("The person wants nothing on this channel.", person is null ? null : "Their preferences", person),
            "category_opted_out" => new($"The person does not want messages of the category{((categoryName ?? category) is { } name ? $" “{name}”" : "")} here, or never said yes where one has to.",
                person is null ? null : "Their preferences", person),
            "no_provider" => new("There is no provider account that could carry it.", "The providers", "/providers"),
            "quiet_hours_expired" => new("It fell into the person's quiet hours, and its time was over before they ended.", person is null ? null : "Their quiet hours", person),
            "frequency_capped" => new("The person had enough of this category for now: its limit drops what is too much.", category is null ? null : "The category", category is null ? null : $"/categories/{category}"),
            "merged" => new("A newer message of this category stands for it: its limit merges what comes too often.", category is null ? null : "The category", category is null ? null : $"/categories/{category}"),
            RenderResult.TemplateError => new($"The words speak of the person, and their profile does not say {(code?.Split(':', 2) is [_, var variable] ? variable : "what is needed")}.", person is null ? null : "Their profile", person),
            _ => new(reason),
        };
    }

    /// A few words for a list.
    public static string Short(string state, string reason) => state == "suppressed" ? reason.Replace('_', ' ') : reason.Length <= 80 ? reason : reason[..79] + "…";
}
