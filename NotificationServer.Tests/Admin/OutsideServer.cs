using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NotificationServer.Platform;
using NotificationServer.Simulator;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin;

/// The whole server with somebody to send through: every vendor, simulated, and no account at any of them yet.
public sealed class OutsideServer : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("ns_outside_").FullName;

    internal SimulatorHost Vendors { get; private set; } = null!; // xunit initialises before any test
    internal ServerHost Host { get; private set; } = null!;       // likewise

    internal Uri Address => Host.Address;

    internal string Email => Host.Services.GetRequiredService<DevelopmentFile>().Get("NS_ADMIN_EMAIL")!; // made at its start

    internal string Password => Host.Services.GetRequiredService<DevelopmentFile>().Get("NS_ADMIN_PASSWORD")!; // made at its start

    public async Task InitializeAsync()
    {
        Vendors = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = Path.Combine(directory, "vendors") }, CancellationToken.None);
        Host = await ServerHost.StartAsync(Environments.Development, new Dictionary<string, string?>
        {
            ["Channels:TrustedRootsFile"] = Vendors.RootFile,
            ["Channels:Inbox:Enabled"] = "false",
            ["Queue:Poll"] = "00:00:00.1",
            ["Gates:Refresh"] = "00:00:00.2",
            ["Api:KeyCache"] = "00:00:00",
            ["Admin:RecheckEvery"] = "00:00:00",
            ["Links:PublicUrl"] = "https://notify.example.org",
            ["Secrets:provider_key"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()),
        });
    }

    public async Task DisposeAsync()
    {
        await ((IAsyncLifetime)Host).DisposeAsync();
        await Vendors.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    internal async Task<AdminClient> SignedInAsync()
    {
        var client = new AdminClient(Address);
        Assert.Equal(302, (int)(await client.SignInAsync(Email, Password)).StatusCode);
        return client;
    }

    /// What the form of a new account at Twilio asks for.
    internal (string Name, string Value)[] TwilioForm(string key, string? token = null) =>
    [
        ("Form.Key", key), ("Form.Settings[account_sid]", Vendors.Credentials.TwilioAccountSid), ("Form.Settings[from]", Vendors.Credentials.TwilioFrom),
        ("Form.Settings[base_address]", Vendors.Urls.Twilio.ToString()), ("Form.Secrets[auth_token]", token ?? Vendors.Credentials.TwilioAuthToken),
        ("Form.Order", "10"), ("Form.Weight", "1"), ("Form.Enabled", "true"), ("Form.Check", "true"), ("Form.Reason", "for the test"),
    ];
}
