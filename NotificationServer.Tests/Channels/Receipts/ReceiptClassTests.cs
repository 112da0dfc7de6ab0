using System.Globalization;
using System.Text.Json.Nodes;
using NotificationServer.Channels.Email.Mailchimp;
using NotificationServer.Channels.Email.SendGrid;
using NotificationServer.Channels.Receipts;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Tracking.Bounces;

namespace NotificationServer.Tests.Channels.Receipts;

/// Every row of the tables of what comes back, read from the file.
public sealed class ReceiptClassTests
{
    private static readonly JsonNode Tables = Vector.Read("error-tables")["tables"]!;

    public static TheoryData<string, string> Twilio() => Rows("twilio-delivery");
    public static TheoryData<string, string> VonageStatuses() => Rows("vonage-messages-status");
    public static TheoryData<string, string> VonageReceipts() => Rows("vonage-dlr");
    public static TheoryData<string, string> SendGrid() => Rows("sendgrid-events");
    public static TheoryData<string, string> Mailchimp() => Rows("mandrill-recipient");
    public static TheoryData<string, string> Smtp() => Rows("smtp");

    [Theory, MemberData(nameof(Twilio))]
    public void Twilio_s_error_codes(string code, string expected) => Assert.Equal(expected, TwilioReceipts.ClassOf(Number(code)).ClassName());

    [Theory, MemberData(nameof(VonageStatuses))]
    public void Vonage_s_error_titles(string code, string expected) =>
        Assert.Equal(expected, NotificationServer.Channels.Sms.Vonage.VonageCodes.StatusOfMessages(Number(code)).ClassName());

    /// 0 is said only of what was delivered, which has no class of failure.
    [Theory, MemberData(nameof(VonageReceipts))]
    public void Vonage_s_err_codes(string code, string expected)
    {
        if (code != "0") Assert.Equal(expected, NotificationServer.Channels.Sms.Vonage.VonageReceipts.ClassOfReceipt(Number(code)).ClassName());
    }

    [Theory, MemberData(nameof(SendGrid))]
    public void SendGrid_s_events(string code, string expected)
    {
        var parts = code.Split([": ", " type="], StringSplitOptions.None);
        var all = parts[0] == "dropped" ? parts[1].Split(" / ").Select(reason => ("dropped", (string?)null, (string?)reason))
            : parts.Length == 2 ? [(parts[0], parts[1], null)]
            : parts[0].Split(" / ").Select(name => (name, (string?)null, (string?)null));

        foreach (var (name, type, reason) in all)
        {
            var (kind, said, news) = SendGridReceipts.Meaning(name, type, reason);
            Assert.NotEqual(ReceiptKind.Unknown, kind);
            Assert.Equal(expected, said.ClassName());
            Assert.Equal(expected == "invalid_recipient", news is not (AddressNews.None or AddressNews.ResubscribedToGroup));
        }
    }

    /// The file tells what an answer says of a recipient; a webhook's `reject` gives the same reasons.
    [Theory, MemberData(nameof(Mailchimp))]
    public void Mailchimp_s_reasons_to_reject(string code, string expected)
    {
        if (!code.StartsWith("rejected: ", StringComparison.Ordinal)) return;
        foreach (var reason in code["rejected: ".Length..].Split(" / "))
        {
            var (_, said, news) = MailchimpReceipts.Meaning("reject", reason);
            Assert.Equal(expected, said.ClassName());
            Assert.Equal(expected == "invalid_recipient", news != AddressNews.None);
        }
    }

    /// Of the replies that carry an enhanced code for good: what a report says much later means the same.
    [Theory, MemberData(nameof(Smtp))]
    public void Enhanced_codes_of_mail_servers(string code, string expected)
    {
        foreach (var status in code.Split(' ').Where(one => one.Length >= 5 && one[0] == '5' && one.Count(c => c == '.') == 2))
        {
            // A sender's own address (5.1.7), and a dialogue that went wrong (5.5.x, 5.7.0) before there was a mail, are ours to mend.
            if (status is "5.1.7" or "5.5.4" or "5.7.0" || status == "5.1.3" && expected == "permanent") continue;
            Assert.Equal(expected, BounceReport.ClassOf(status, null).ClassName());
        }
    }

    private static TheoryData<string, string> Rows(string table)
    {
        var rows = new TheoryData<string, string>();
        foreach (var row in Tables[table]!["rows"]!.AsArray().DistinctBy(row => (row!["code"]!.ToString(), row["class"]!.ToString())))
            rows.Add(row!["code"]!.ToString(), row["class"]!.GetValue<string>());
        return rows;
    }

    private static int Number(string code) => int.Parse(code, CultureInfo.InvariantCulture);
}
