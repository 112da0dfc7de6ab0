using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Apns;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Control;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Fcm;
using NotificationServer.Simulator.JPush;
using NotificationServer.Simulator.Ledger;
using NotificationServer.Simulator.Mailchimp;
using NotificationServer.Simulator.Pushy;
using NotificationServer.Simulator.SendGrid;
using NotificationServer.Simulator.Smtp;
using NotificationServer.Simulator.Twilio;
using NotificationServer.Simulator.Vonage;
using NotificationServer.Simulator.WebPush;

namespace NotificationServer.Simulator;

/// Every provider on a port of its own, running until disposed.
internal sealed class SimulatorHost : IAsyncDisposable
{
    private const int SmtpPorts = 12; // after those of the HTTP vendors

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly WebApplication app;
    private readonly LedgerFile ledger;
    private readonly IReadOnlyList<IVendor> vendors;
    private readonly CancellationTokenSource stopping;
    private readonly X509Certificate2[] certificates;
    private readonly SmtpServer mail;

    private SimulatorHost(
        WebApplication app, LedgerFile ledger, IReadOnlyList<IVendor> vendors, SmtpServer mail, CancellationTokenSource stopping, X509Certificate2[] certificates) =>
        (this.app, this.ledger, this.vendors, this.mail, this.stopping, this.certificates) = (app, ledger, vendors, mail, stopping, certificates);

    public required SimulatorUrls Urls { get; init; }
    public required SimulatorCredentials Credentials { get; init; }
    public required PushCredentials PushCredentials { get; init; }
    public required FaultBoard Faults { get; init; }
    /// What providers send back; its plan says how, and may be changed at any time.
    public required CallbackSender Callbacks { get; init; }
    /// By provider.
    public required IReadOnlyDictionary<string, VendorFigures> Figures { get; init; }
    /// What a NotificationServer must be told, with colons in the keys.
    public required IReadOnlyDictionary<string, string?> ServerConfiguration { get; init; }
    /// The further vendors, for a server that is to have a second way.
    public required IReadOnlyDictionary<string, string?> SecondVendors { get; init; }
    public required string RootFile { get; init; }
    public required string LedgerFile { get; init; }

    /// The latest accepted messages, oldest first.
    public IReadOnlyList<LedgerEntry> Ledger => ledger.Entries;

    /// The first accepted message of this run that fits, now or later.
    public Task<LedgerEntry> WaitForAsync(Func<LedgerEntry, bool> wanted, CancellationToken ct) => ledger.WaitForAsync(wanted, ct);

    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken ct)
    {
        var directory = Directory.CreateDirectory(Path.GetFullPath(options.DataDirectory)).FullName;
        var credentials = options.Credentials ?? SimulatorCredentials.LoadOrGenerate(directory);
        var push = options.PushCredentials ?? PushCredentials.LoadOrGenerate(directory);
        var authority = PrivateAuthority.In(directory);
        var certificate = authority.IssueFor(options.Host);
        var ledgerPath = Path.Combine(directory, "ledger.jsonl");

        // All disposed by the host made at the end.
        var ledger = new LedgerFile(ledgerPath, options.FlushToDisk, options.LedgerEntriesInMemory);
        var stopping = new CancellationTokenSource();
        var faults = new FaultBoard();
        var grants = new AccessTokens(credentials, options.Clock);
        var callbacks = new CallbackSender(options.Clock);
        var vendors = Vendors(options, credentials, push, grants, callbacks);
        var exchanges = vendors.ToDictionary(
            v => v.Name, v => new Exchange(v, faults, ledger, new VendorFigures(), callbacks, options.Latency, stopping.Token), StringComparer.Ordinal);
        var figures = exchanges.ToDictionary(pair => pair.Key, pair => pair.Value.Figures, StringComparer.Ordinal);

        var listeners = new Listeners(options.PortBase, options.Host, certificate);
        var mail = new SmtpServer(options, credentials, certificate, faults, ledger) { Mailbox = () => callbacks.Plan.MailDirectory };
        figures[SmtpServer.Name] = mail.Figures;
        foreach (var vendor in vendors.Take(FirstVendors)) Listen(vendor);
        var control = new ControlApi(faults, ledger, figures, callbacks);
        listeners.AddPlain(control.RunAsync);
        foreach (var vendor in vendors.Skip(FirstVendors)) Listen(vendor);
        var app = listeners.Build();
        await app.StartAsync(ct);
        mail.Start(Port(options, SmtpPorts), Port(options, SmtpPorts + 1));

        var urls = listeners.Urls(mail.Implicit, mail.StartTls);
        control.Subscription = name => push.Subscription(urls.WebPush, name);
        grants.Audience = urls.FcmToken.ToString();
        var settings = new ServerSettings(directory, credentials, push, urls, authority.RootFile, options.AllVendors);
        settings.WriteFiles();
        return new SimulatorHost(app, ledger, vendors, mail, stopping, [certificate, authority.Root])
        {
            Urls = urls, Credentials = credentials, PushCredentials = push, Faults = faults, Callbacks = callbacks, Figures = figures,
            ServerConfiguration = settings.Configuration, SecondVendors = settings.SecondVendors, RootFile = authority.RootFile, LedgerFile = ledgerPath,
        };

        void Listen(IVendor vendor) => listeners.AddTls(Protocols(vendor), exchanges[vendor.Name].RunAsync, figures[vendor.Name].Connected);
    }

    private static int Port(SimulatorOptions options, int index) => options.PortBase == 0 ? 0 : options.PortBase + index;

    /// How many listen before the control port; the rest listen after it.
    private const int FirstVendors = 5;

    /// In the order of the ports.
    private static IVendor[] Vendors(
        SimulatorOptions options, SimulatorCredentials credentials, PushCredentials push, AccessTokens grants, CallbackSender callbacks) =>
    [
        new ApnsVendor(credentials, options.ApnsTokensPer20Minutes, options.Clock),
        new FcmVendor(grants, options.Clock),
        new OAuthVendor(grants),
        new TwilioVendor(credentials, options.Clock),
        new SendGridVendor(credentials, options.Clock) { EventUrl = () => callbacks.Plan.SendGridUrl },
        new VonageVendor(credentials, options.Clock),
        new VonageSmsVendor(credentials, options.Clock),
        new MailchimpVendor(credentials, options.Clock) { EventUrl = () => callbacks.Plan.MailchimpUrl },
        new WebPushVendor(push, options.Clock),
        new JPushVendor(push, options.Clock),
        new PushyVendor(push, options.Clock),
    ];

    /// Apple speaks HTTP/2 and nothing else.
    private static HttpProtocols Protocols(IVendor vendor) => vendor is ApnsVendor ? HttpProtocols.Http2 : HttpProtocols.Http1AndHttp2;

    public async ValueTask DisposeAsync()
    {
        // Whoever hangs or is held gets cut off now; waiting for them would take for ever.
        await stopping.CancelAsync();
        await Callbacks.DisposeAsync();
        using var patience = new CancellationTokenSource(Patience);
        await mail.DisposeAsync();
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        await ledger.DisposeAsync();
        foreach (var vendor in vendors.OfType<IDisposable>()) vendor.Dispose();
        foreach (var certificate in certificates) certificate.Dispose();
        stopping.Dispose();
    }
}
