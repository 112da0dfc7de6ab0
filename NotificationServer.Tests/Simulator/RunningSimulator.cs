using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using NotificationServer.Simulator;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;

namespace NotificationServer.Tests.Simulator;

/// A simulator that knows the keys of the vectors, at a time when their tokens are minutes old.
public sealed class RunningSimulator : IAsyncLifetime
{
    internal static readonly DateTimeOffset TimeOfCapture = DateTimeOffset.FromUnixTimeSeconds(1795341771 + 600);

    private readonly string directory = Directory.CreateTempSubdirectory("ns-simulator-").FullName;

    internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    internal SimulatorHost Host { get; private set; } = null!; // set before any test runs
    internal FixedClock Clock { get; init; } = new(TimeOfCapture);
    internal HttpClient Http { get; private set; } = null!; // likewise

    internal static SimulatorCredentials VectorCredentials
    {
        get
        {
            var vonage = ProviderVector.Load("vonage-messages-sms-jwt").Inputs;
            var (apns, fcm, twilio, sendGrid) = (
                ProviderVector.Load("apns-alert").Inputs, ProviderVector.Load("fcm-oauth-and-send-token").Inputs,
                ProviderVector.Load("twilio-send-authtoken-from-number").Inputs, ProviderVector.Load("sendgrid-single").Inputs);
            return new SimulatorCredentials
            {
                ApnsKeyId = apns.GetProperty("keyId").GetString()!,
                ApnsTeamId = apns.GetProperty("teamId").GetString()!,
                ApnsPrivateKeyPem = apns.GetProperty("privateKeyPem").GetString()!,
                ApnsTopic = "com.example.app",
                FcmServiceAccountJson = fcm.GetProperty("serviceAccountJson").GetRawText(),
                TwilioAccountSid = twilio.GetProperty("accountSid").GetString()!,
                TwilioApiKeySid = twilio.GetProperty("apiKeySid").GetString()!,
                TwilioApiKeySecret = twilio.GetProperty("apiKeySecret").GetString()!,
                TwilioAuthToken = twilio.GetProperty("authToken").GetString()!,
                TwilioFrom = "+15005550006",
                SendGridApiKey = sendGrid.GetProperty("apiKey").GetString()!,
                SendGridFrom = "news@mail.example.org",
                SendGridFromName = "Example",
                VonageApiKey = vonage.GetProperty("apiKey").GetString()!,
                VonageApiSecret = vonage.GetProperty("apiSecret").GetString()!,
                VonageApplicationId = vonage.GetProperty("applicationId").GetString()!,
                VonagePrivateKeyPem = vonage.GetProperty("privateKeyPem").GetString()!,
                VonageFrom = "Acme",
                MailchimpApiKey = ProviderVector.Load("mandrill-send").Inputs.GetProperty("apiKey").GetString()!,
                MailchimpFrom = "news@mail.example.org",
                SmtpUser = "mailer",
                SmtpPassword = "s3crét",
                SmtpFrom = "news@mail.example.org",
            };
        }
    }

    internal static PushCredentials VectorPushCredentials
    {
        get
        {
            var (web, jpush, pushy) = (ProviderVector.Load("webpush-aes128gcm-vapid").Inputs, ProviderVector.Load("jpush-push-regid").Inputs, ProviderVector.Load("pushy-send-tokens").Inputs);
            var (vapid, keys) = (web.GetProperty("vapid"), web.GetProperty("subscription").GetProperty("keys"));
            return new PushCredentials
            {
                VapidSubject = vapid.GetProperty("subject").GetString()!,
                VapidPublicKey = vapid.GetProperty("publicKey").GetString()!,
                VapidPrivateKey = vapid.GetProperty("privateKey").GetString()!,
                WebPushPublicKey = keys.GetProperty("p256dh").GetString()!,
                WebPushPrivateKey = web.GetProperty("userAgentPrivateKey").GetString()!,
                WebPushAuth = keys.GetProperty("auth").GetString()!,
                JPushAppKey = jpush.GetProperty("appKey").GetString()!,
                JPushMasterSecret = jpush.GetProperty("masterSecret").GetString()!,
                PushyApiKey = pushy.GetProperty("apiKey").GetString()!,
            };
        }
    }

    public async Task InitializeAsync()
    {
        Host = await SimulatorHost.StartAsync(
            new SimulatorOptions { DataDirectory = directory, Credentials = VectorCredentials, PushCredentials = VectorPushCredentials, Clock = Clock }, CancellationToken.None);
        Http = Trusting(Host.RootFile);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    /// A client for which the simulator's root is the only one there is.
    internal static HttpClient Trusting(string rootFile) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(rootFile) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    });

    internal Uri UrlOf(string provider) => provider switch
    {
        "apns" => Host.Urls.Apns,
        "fcm" => Host.Urls.Fcm,
        "fcm-oauth" => Host.Urls.FcmOAuth,
        "twilio" => Host.Urls.Twilio,
        "sendgrid" => Host.Urls.SendGrid,
        "vonage" => Host.Urls.Vonage,
        "vonage-sms" => Host.Urls.VonageSms,
        "mailchimp" => Host.Urls.Mailchimp,
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    /// A good request of each provider, to the given recipient.
    internal async Task<HttpRequestMessage> GoodRequestAsync(string provider, string? to = null) => provider switch
    {
        "apns" => Apns(to ?? "ca60b604ed5d2c38"),
        "fcm" => await FcmAsync("""{"message":{"token":"RECIPIENT","data":{"message_id":"m-1"}}}""".Replace("RECIPIENT", to ?? "bk3RNwTe3H0:CI2k", StringComparison.Ordinal)),
        "fcm-oauth" => ProviderVector.Load("fcm-oauth-and-send-token").Request(Host.Urls.FcmOAuth),
        "twilio" => Twilio(to ?? "+15558675310"),
        "sendgrid" => SendGrid(to ?? "ann@example.com"),
        "vonage" => await VonageAsync("vonage-messages-sms-basic", Host.Urls.Vonage, to ?? "+447700900000"),
        "vonage-sms" => await VonageAsync("vonage-sms-api", Host.Urls.VonageSms, to ?? "+447700900000"),
        "mailchimp" => await MailchimpAsync(to ?? "ann@example.com"),
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    internal async Task<HttpResponseMessage> SendAsync(string provider, string? to = null, CancellationToken ct = default) =>
        await Http.SendAsync(await GoodRequestAsync(provider, to), ct);

    /// Sets a fault for as long as the test holds on to what is returned.
    internal IDisposable Given(string provider, Fault fault)
    {
        Host.Faults.Set(provider, fault);
        return new Cleared(Host.Faults, provider);
    }

    internal async Task<HttpRequestMessage> FcmAsync(string body)
    {
        var request = ProviderVector.Load("fcm-error-quota").Request(Host.Urls.Fcm);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await AccessTokenAsync());
        return request;
    }

    internal async Task<string> AccessTokenAsync()
    {
        using var response = await Http.SendAsync(ProviderVector.Load("fcm-oauth-and-send-token").Request(Host.Urls.FcmOAuth));
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return answer.RootElement.GetProperty("access_token").GetString()!;
    }

    private HttpRequestMessage Apns(string device)
    {
        var request = ProviderVector.Load("apns-alert").Request(Host.Urls.Apns);
        request.RequestUri = new Uri(Host.Urls.Apns, $"/3/device/{device}");
        request.Headers.Remove("apns-id");
        request.Headers.Add("apns-id", Guid.CreateVersion7().ToString());
        return request;
    }

    private HttpRequestMessage Twilio(string to)
    {
        var request = ProviderVector.Load("twilio-send-authtoken-from-number").Request(Host.Urls.Twilio);
        request.Content = new FormUrlEncodedContent([new("To", to), new("From", "+15005550006"), new("Body", "Hello")]);
        return request;
    }

    private HttpRequestMessage SendGrid(string to)
    {
        var request = ProviderVector.Load("sendgrid-single").Request(Host.Urls.SendGrid);
        request.Content = new StringContent("""
            {"from":{"email":"news@mail.example.org"},"subject":"s","personalizations":[{"to":[{"email":"RECIPIENT"}]}],
             "content":[{"type":"text/plain","value":"t"}],"custom_args":{"message_id":"m-1"}}
            """.Replace("RECIPIENT", to, StringComparison.Ordinal), new MediaTypeHeaderValue("application/json"));
        return request;
    }

    private static async Task<HttpRequestMessage> VonageAsync(string vector, Uri url, string to)
    {
        var request = ProviderVector.Load(vector).Request(url);
        var body = (await request.Content!.ReadAsStringAsync()).Replace("447700900000", to[1..], StringComparison.Ordinal);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        return request;
    }

    private async Task<HttpRequestMessage> MailchimpAsync(string to)
    {
        var request = ProviderVector.Load("mandrill-send").Request(Host.Urls.Mailchimp);
        var body = (await request.Content!.ReadAsStringAsync()).Replace("ann@example.com", to, StringComparison.Ordinal);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        return request;
    }

    private sealed class Cleared(FaultBoard faults, string provider) : IDisposable
    {
        public void Dispose() => faults.Clear(provider);
    }
}
