using System.Text;
using System.Text.Json.Nodes;

namespace NotificationServer.Simulator.Credentials;

/// What points a NotificationServer at the simulator: the key files, and the configuration that names them.
internal sealed class ServerSettings(string directory, SimulatorCredentials credentials, SimulatorUrls urls, string rootFile)
{
    private readonly string apnsKeyFile = Path.Combine(directory, $"AuthKey_{credentials.ApnsKeyId}.p8");
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

    public void WriteFiles()
    {
        SecretFile.Write(apnsKeyFile, credentials.ApnsPrivateKeyPem.TrimEnd() + "\n");
        var account = JsonNode.Parse(credentials.FcmServiceAccountJson)!.AsObject(); // refused before, if it is no object
        account["token_uri"] = urls.FcmToken.ToString();
        SecretFile.Write(serviceAccountFile, account.ToJsonString());
        SecretFile.Write(Path.Combine(directory, "simulator.env"), Environment());
    }

    private string Environment()
    {
        var lines = new StringBuilder();
        foreach (var (key, value) in Configuration) lines.Append(key.Replace(":", "__", StringComparison.Ordinal)).Append('=').Append(Quoted(value ?? "")).Append('\n');
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
