using System.Security.Cryptography;
using System.Text.Json;

namespace NotificationServer.Simulator.Credentials;

/// What a sender must know to be let in by each provider.
internal sealed record SimulatorCredentials
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public required string ApnsKeyId { get; init; }
    public required string ApnsTeamId { get; init; }
    public required string ApnsPrivateKeyPem { get; init; }
    /// The bundle id; the topics of special push types are this and a suffix.
    public required string ApnsTopic { get; init; }
    /// A service-account file as Google hands it out; its token_uri is replaced by the simulator's own.
    public required string FcmServiceAccountJson { get; init; }
    public required string TwilioAccountSid { get; init; }
    public required string TwilioApiKeySid { get; init; }
    public required string TwilioApiKeySecret { get; init; }
    public required string TwilioAuthToken { get; init; }
    public required string TwilioFrom { get; init; }
    public required string SendGridApiKey { get; init; }
    /// Its domain is the one that senders may use.
    public required string SendGridFrom { get; init; }
    public required string SendGridFromName { get; init; }
    /// What SendGrid's events are signed with.
    public string SendGridWebhookKeyPem { get; init; } = WebhookKey();
    /// What Vonage's callbacks are signed with, by the account.
    public string VonageSignatureSecret { get; init; } = Hex(32);
    /// What Mailchimp's webhook is signed with.
    public string MailchimpWebhookKey { get; init; } = Hex(22);
    // Empty in directories made before these vendors were there, until the next start.
    public string VonageApiKey { get; init; } = "";
    public string VonageApiSecret { get; init; } = "";
    public string VonageApplicationId { get; init; } = "";
    public string VonagePrivateKeyPem { get; init; } = "";
    public string VonageFrom { get; init; } = "";
    public string MailchimpApiKey { get; init; } = "";
    public string MailchimpFrom { get; init; } = "";
    public string SmtpUser { get; init; } = "";
    public string SmtpPassword { get; init; } = "";
    public string SmtpFrom { get; init; } = "";

    /// The directory's own, made at the first start.
    public static SimulatorCredentials LoadOrGenerate(string directory)
    {
        var file = Path.Combine(directory, "credentials.json");
        if (File.Exists(file))
        {
            var known = JsonSerializer.Deserialize<SimulatorCredentials>(File.ReadAllText(file))
                ?? throw new InvalidDataException($"{file} holds no credentials");
            if (known.VonageApiKey.Length > 0) return known;
            var grown = known.WithLaterVendors();
            SecretFile.Write(file, JsonSerializer.Serialize(grown, Indented));
            return grown;
        }

        var fresh = Generate();
        SecretFile.Write(file, JsonSerializer.Serialize(fresh, Indented));
        return fresh;
    }

    public static SimulatorCredentials Generate()
    {
        using var apns = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SimulatorCredentials
        {
            ApnsKeyId = Upper(10),
            ApnsTeamId = Upper(10),
            ApnsPrivateKeyPem = apns.ExportPkcs8PrivateKeyPem(),
            ApnsTopic = "com.example.simulated",
            FcmServiceAccountJson = ServiceAccount(),
            TwilioAccountSid = "AC" + Hex(32),
            TwilioApiKeySid = "SK" + Hex(32),
            TwilioApiKeySecret = Hex(32),
            TwilioAuthToken = Hex(32),
            TwilioFrom = "+15005550006",
            SendGridApiKey = $"SG.{Hex(22)}.{Hex(43)}",
            SendGridFrom = "news@mail.example.org",
            SendGridFromName = "Simulated",
        }.WithLaterVendors();
    }

    private SimulatorCredentials WithLaterVendors()
    {
        using var application = RSA.Create(2048);
        return this with
        {
            VonageApiKey = Hex(8),
            VonageApiSecret = Hex(16),
            VonageApplicationId = Guid.CreateVersion7().ToString("D"),
            VonagePrivateKeyPem = application.ExportPkcs8PrivateKeyPem() + "\n",
            VonageFrom = "Simulated",
            MailchimpApiKey = $"md-{Hex(22)}",
            MailchimpFrom = SendGridFrom,
            SmtpUser = "mailer",
            SmtpPassword = Hex(32),
            SmtpFrom = SendGridFrom,
        };
    }

    /// As SendGrid's page shows it: base64, no PEM lines.
    public string SendGridWebhookPublicKey()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(SendGridWebhookKeyPem);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    private static string WebhookKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string ServiceAccount()
    {
        using var key = RSA.Create(2048);
        return JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["type"] = "service_account",
            ["project_id"] = "simulated-project",
            ["private_key_id"] = Hex(40),
            ["private_key"] = key.ExportPkcs8PrivateKeyPem() + "\n",
            ["client_email"] = "sender@simulated-project.iam.gserviceaccount.com",
            ["client_id"] = RandomNumberGenerator.GetString("0123456789", 21),
            ["token_uri"] = "https://oauth2.googleapis.com/token",
        });
    }

    private static string Hex(int digits) => RandomNumberGenerator.GetHexString(digits, lowercase: true);

    private static string Upper(int length) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length);
}
