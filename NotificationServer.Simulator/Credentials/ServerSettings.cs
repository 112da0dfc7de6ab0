using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace NotificationServer.Simulator.Credentials;

/// What points a NotificationServer at the simulator: the key files, and the configuration that names them.
internal sealed class ServerSettings(
    string directory, SimulatorCredentials credentials, PushCredentials push, SimulatorUrls urls, string rootFile, bool allVendors)
{
    private readonly string apnsKeyFile = Path.Combine(directory, $"AuthKey_{credentials.ApnsKeyId}.p8");
    private readonly string vonageKeyFile = Path.Combine(directory, "vonage-private.pem");
    private readonly string serviceAccountFile = Path.Combine(directory, "service-account.json");

    public string LedgerFile => Path.Combine(directory, "ledger.jsonl");

    /// Keys with colons, as configuration has them.
    public IReadOnlyDictionary<string, string?> Configuration => new Dictionary<string, string?>
    {
        ["Channels:TrustedRootsFile"] = rootFile,
        ["Channels:Apns:BaseAddress"] = urls.Apns.ToString(),
        ["Channels:Apns:KeyId"] = credentials.ApnsKeyId,
        ["Channels:Apns:TeamId"] = credentials.ApnsTeamId,
        ["Channels:Apns:PrivateKeyFile"] = apnsKeyFile,
        ["Channels:Apns:Topic"] = credentials.ApnsTopic,
        ["Channels:Fcm:BaseAddress"] = urls.Fcm.ToString(),
        ["Channels:Fcm:ServiceAccountFile"] = serviceAccountFile,
        ["Channels:Twilio:BaseAddress"] = urls.Twilio.ToString(),
        ["Channels:Twilio:AccountSid"] = credentials.TwilioAccountSid,
        ["Channels:Twilio:ApiKeySid"] = credentials.TwilioApiKeySid,
        ["Channels:Twilio:ApiKeySecret"] = credentials.TwilioApiKeySecret,
        ["Channels:Twilio:AuthToken"] = credentials.TwilioAuthToken,
        ["Channels:Twilio:From"] = credentials.TwilioFrom,
        ["Channels:SendGrid:BaseAddress"] = urls.SendGrid.ToString(),
        ["Channels:SendGrid:ApiKey"] = credentials.SendGridApiKey,
        ["Channels:SendGrid:From"] = credentials.SendGridFrom,
        ["Channels:SendGrid:FromName"] = credentials.SendGridFromName,
        ["Channels:Callbacks:SendGridPublicKey"] = credentials.SendGridWebhookPublicKey(),
    };

    /// The same of the vendors beside those.
    public IReadOnlyDictionary<string, string?> SecondVendors => new Dictionary<string, string?>
    {
        ["Channels:WebPush:Subject"] = push.VapidSubject,
        ["Channels:WebPush:PublicKey"] = push.VapidPublicKey,
        ["Channels:WebPush:PrivateKey"] = push.VapidPrivateKey,
        ["Channels:WebPush:MoreHosts:0"] = urls.WebPush.Authority,
        ["Channels:JPush:BaseAddress"] = urls.JPush.ToString(),
        ["Channels:JPush:AppKey"] = push.JPushAppKey,
        ["Channels:JPush:MasterSecret"] = push.JPushMasterSecret,
        ["Channels:Pushy:BaseAddress"] = urls.Pushy.ToString(),
        ["Channels:Pushy:ApiKey"] = push.PushyApiKey,
        ["Channels:Vonage:BaseAddress"] = urls.Vonage.ToString(),
        ["Channels:Vonage:SmsBaseAddress"] = urls.VonageSms.ToString(),
        ["Channels:Vonage:ApplicationId"] = credentials.VonageApplicationId,
        ["Channels:Vonage:PrivateKeyFile"] = vonageKeyFile,
        ["Channels:Vonage:ApiKey"] = credentials.VonageApiKey,
        ["Channels:Vonage:ApiSecret"] = credentials.VonageApiSecret,
        ["Channels:Vonage:From"] = credentials.VonageFrom,
        ["Channels:Vonage:SignatureSecret"] = credentials.VonageSignatureSecret,
        ["Channels:Mailchimp:BaseAddress"] = urls.Mailchimp.ToString(),
        ["Channels:Mailchimp:ApiKey"] = credentials.MailchimpApiKey,
        ["Channels:Mailchimp:From"] = credentials.MailchimpFrom,
        ["Channels:Mailchimp:WebhookKey"] = credentials.MailchimpWebhookKey,
        ["Channels:Smtp:Host"] = urls.SmtpStartTls.Host,
        ["Channels:Smtp:Port"] = urls.SmtpStartTls.Port.ToString(CultureInfo.InvariantCulture),
        ["Channels:Smtp:User"] = credentials.SmtpUser,
        ["Channels:Smtp:Password"] = credentials.SmtpPassword,
        ["Channels:Smtp:From"] = credentials.SmtpFrom,
    };

    public void WriteFiles()
    {
        SecretFile.Write(vonageKeyFile, credentials.VonagePrivateKeyPem);
        SecretFile.Write(apnsKeyFile, credentials.ApnsPrivateKeyPem.TrimEnd() + "\n");
        var account = JsonNode.Parse(credentials.FcmServiceAccountJson)!.AsObject(); // refused before, if it is no object
        account["token_uri"] = urls.FcmToken.ToString();
        SecretFile.Write(serviceAccountFile, account.ToJsonString());
        // For those who cannot read lines of a shell: a file a setting, which NS_SETTINGS_DIR of a server takes.
        var folder = Directory.CreateDirectory(Path.Combine(directory, "settings")).FullName;
        foreach (var (key, value) in Told) SecretFile.Write(Path.Combine(folder, NameOf(key)), value ?? "");
        SecretFile.Write(Path.Combine(directory, "simulator.env"), Environment());
    }

    private IEnumerable<KeyValuePair<string, string?>> Told => allVendors ? Configuration.Concat(SecondVendors) : Configuration;

    private static string NameOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private string Environment()
    {
        var lines = new StringBuilder();
        foreach (var (key, value) in Told) lines.Append(NameOf(key)).Append('=').Append(Quoted(value ?? "")).Append('\n');
        lines.Append("NS_SIMULATOR_CONTROL=").Append(urls.Control).Append('\n');
        lines.Append("NS_SIMULATOR_LEDGER=").Append(Quoted(LedgerFile)).Append('\n');
        return lines.ToString();
    }

    /// Bare where a shell reads it as it stands, since some readers of such files take quotes for part of the value.
    private static string Quoted(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || "+-_./:@,=%".Contains(c, StringComparison.Ordinal))
            ? value
            : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
