using System.Diagnostics;
using System.Text.Json;
using NotificationServer.Simulator;

namespace NotificationServer.Tests.Simulator;

public sealed class SimulatorHostTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string directory = Directory.CreateTempSubdirectory("ns-simulator-").FullName;

    [Fact]
    public async Task Everything_a_server_must_know_is_there_and_the_files_exist()
    {
        await using var simulator = await StartAsync();
        var settings = simulator.ServerConfiguration;

        Assert.All(settings, setting => Assert.False(string.IsNullOrEmpty(setting.Value), setting.Key));
        Assert.All(["Channels:TrustedRootsFile", "Channels:Apns:PrivateKeyFile", "Channels:Fcm:ServiceAccountFile"], key => Assert.True(File.Exists(settings[key])));
        var account = JsonElement.Parse(await File.ReadAllTextAsync(settings["Channels:Fcm:ServiceAccountFile"]!));
        Assert.Equal(simulator.Urls.FcmToken.ToString(), account.GetProperty("token_uri").GetString());
    }

    [Fact]
    public async Task The_environment_file_says_the_same_as_the_configuration()
    {
        await using var simulator = await StartAsync();
        var lines = await File.ReadAllLinesAsync(Path.Combine(directory, "simulator.env"));

        var expected = simulator.ServerConfiguration.Select(s => $"{s.Key.Replace(":", "__", StringComparison.Ordinal)}={s.Value}")
            .Append($"NS_SIMULATOR_CONTROL={simulator.Urls.Control}").Append($"NS_SIMULATOR_LEDGER={simulator.LedgerFile}");
        Assert.Equal(expected, lines);
    }

    [Fact]
    public async Task With_all_vendors_the_file_names_those_beside_the_first_too()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory, AllVendors = true }, CancellationToken.None);
        var file = await File.ReadAllTextAsync(Path.Combine(directory, "simulator.env"));

        Assert.All(simulator.SecondVendors, setting => Assert.Contains($"{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}\n", file, StringComparison.Ordinal));
        Assert.Contains(simulator.SecondVendors, setting => setting.Key == "Channels:Smtp:Host");
        Assert.True(File.Exists(simulator.SecondVendors["Channels:Vonage:PrivateKeyFile"]));
        Assert.DoesNotContain(simulator.ServerConfiguration.Keys, simulator.SecondVendors.ContainsKey);
    }

    [Fact]
    public async Task A_folder_says_the_same_a_file_a_setting()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory, AllVendors = true }, CancellationToken.None);

        var files = Directory.GetFiles(Path.Combine(directory, "settings")).ToDictionary(file => Path.GetFileName(file).Replace("__", ":", StringComparison.Ordinal), File.ReadAllText);

        Assert.Equal(simulator.ServerConfiguration.Concat(simulator.SecondVendors).ToDictionary(one => one.Key, one => one.Value ?? ""), files);
    }

    [Fact]
    public async Task With_a_name_it_is_found_and_trusted_by_that_name()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory, Host = "localhost" }, CancellationToken.None);
        using var http = RunningSimulator.Trusting(simulator.RootFile);

        Assert.All([simulator.Urls.Twilio, simulator.Urls.SendGrid, simulator.Urls.SmtpStartTls, simulator.Urls.Control], url => Assert.Equal("localhost", url.Host));
        // Nobody we know, but in words that only come over TLS under this name.
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(simulator.Urls.Twilio, "2010-04-01/Accounts/x/Messages.json"))).StatusCode);
        Assert.Equal(0, await SimulatorProgram.Main(["--is-ready", $"{simulator.Urls.Control.Port - 5}"]));
        Assert.Equal(1, await SimulatorProgram.Main(["--is-ready", "1"]));
    }

    [Fact]
    public async Task A_restart_keeps_keys_root_and_ledger()
    {
        var (root, ledgerFile) = ("", "");
        var credentials = await FirstRunAsync();
        await using var again = await StartAsync();

        Assert.Equal(credentials, again.Credentials);
        Assert.Equal(root, await File.ReadAllTextAsync(again.RootFile));
        Assert.NotEmpty(await File.ReadAllTextAsync(ledgerFile));

        async Task<NotificationServer.Simulator.Credentials.SimulatorCredentials> FirstRunAsync()
        {
            await using var first = await StartAsync();
            root = await File.ReadAllTextAsync(first.RootFile);
            ledgerFile = first.LedgerFile;
            using var http = RunningSimulator.Trusting(first.RootFile);
            using var request = new HttpRequestMessage(
                HttpMethod.Post, new Uri(first.Urls.Twilio, $"/2010-04-01/Accounts/{first.Credentials.TwilioAccountSid}/Messages.json"))
            {
                Content = new FormUrlEncodedContent([new("To", "+15558675310"), new("From", first.Credentials.TwilioFrom), new("Body", "x")]),
            };
            var user = $"{first.Credentials.TwilioApiKeySid}:{first.Credentials.TwilioApiKeySecret}";
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(user)));
            (await http.SendAsync(request)).EnsureSuccessStatusCode();
            return first.Credentials;
        }
    }

    [Fact]
    public async Task The_program_says_when_it_is_ready_and_stops_cleanly_when_terminated()
    {
        using var program = Process.Start(new ProcessStartInfo("dotnet", [typeof(SimulatorHost).Assembly.Location, "--data", directory])
        {
            RedirectStandardOutput = true,
        })!;
        using var late = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (await program.StandardOutput.ReadLineAsync(late.Token) is { } line and not "ready") lines.Add(line);
        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"])) await kill.WaitForExitAsync(late.Token);
        await program.WaitForExitAsync(late.Token);

        Assert.Equal(["apns", "fcm", "fcm-oauth", "twilio", "sendgrid", "vonage", "vonage-sms", "mailchimp", "webpush", "jpush", "pushy", "smtp", "control"], lines.Select(l => l.Split(' ')[0]));
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task A_taken_port_ends_the_program_with_1_and_a_wrong_option_with_2()
    {
        await using var first = await StartAsync();

        Assert.Equal(1, await SimulatorProgram.Main(["--data", Path.Combine(directory, "second"), "--port-base", $"{first.Urls.Apns.Port}"]));
        Assert.Equal(2, await SimulatorProgram.Main(["--data", directory, "--port-base", "65536"]));
        Assert.Equal(2, await SimulatorProgram.Main([]));
    }

    private Task<SimulatorHost> StartAsync() => SimulatorHost.StartAsync(new SimulatorOptions { DataDirectory = directory }, CancellationToken.None);

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
