using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels.Email.Smtp;

/// A mail server that is not ours: Debian's python3-aiosmtpd, in a process of its own.
public sealed class RealMailServer : IAsyncLifetime
{
    // The distribution's, which is the one that the package is for.
    private const string Python = "/usr/bin/python3";

    private readonly string directory = Directory.CreateTempSubdirectory("ns-mail-").FullName;
    private Process? process;

    /// Why there is none; null: it can run.
    public static string? Missing { get; } = HasPackage() ? null : "python3-aiosmtpd is not installed (Debian and Ubuntu: apt-get install python3-aiosmtpd)";
    public int StartTlsPort { get; private set; }
    public int ImplicitPort { get; private set; }

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        var (certificate, key) = (Path.Combine(directory, "certificate.pem"), Path.Combine(directory, "key.pem"));
        await File.WriteAllTextAsync(certificate, TestRoot.ServerCertificate.ExportCertificatePem());
        using (var secret = TestRoot.ServerCertificate.GetECDsaPrivateKey()!) await File.WriteAllTextAsync(key, secret.ExportPkcs8PrivateKeyPem()); // made with one
        var script = Path.Combine(AppContext.BaseDirectory, "Channels", "Email", "Smtp", "mail_server.py");
        process = Process.Start(new ProcessStartInfo(Python, [script, certificate, key, directory]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var ports = (await process.StandardOutput.ReadLineAsync())?.Split(' ') ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        (StartTlsPort, ImplicitPort) = (int.Parse(ports[0], CultureInfo.InvariantCulture), int.Parse(ports[1], CultureInfo.InvariantCulture));
    }

    public async Task DisposeAsync()
    {
        if (process is not null)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(directory, recursive: true);
    }

    /// What has arrived with this message id, and its envelope.
    internal (MailReader Mail, JsonElement Envelope) Arrived(Guid id)
    {
        var file = Directory.GetFiles(directory, "*.eml").Single(mail => File.ReadAllText(mail).Contains($"{id:D}", StringComparison.Ordinal));
        return (MailReader.Of(File.ReadAllText(file)), JsonElement.Parse(File.ReadAllText(Path.ChangeExtension(file, ".json"))));
    }

    private static bool HasPackage()
    {
        if (!File.Exists(Python)) return false;
        using var asked = Process.Start(new ProcessStartInfo(Python, ["-c", "import aiosmtpd"]) { RedirectStandardError = true })!;
        asked.WaitForExit();
        return asked.ExitCode == 0;
    }
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class MailServerFactAttribute : FactAttribute
{
    public MailServerFactAttribute() => Skip = RealMailServer.Missing;
}

[AttributeUsage(AttributeTargets.Method)]
public sealed class MailServerTheoryAttribute : TheoryAttribute
{
    public MailServerTheoryAttribute() => Skip = RealMailServer.Missing;
}


public sealed class RealServerTests(RealMailServer server) : IClassFixture<RealMailServer>
{
    [MailServerTheory]
    [InlineData("StartTls")]
    [InlineData("Implicit")]
    public async Task A_mail_arrives_as_it_was_meant(string security)
    {
        await using var channels = Channels(security);
        var message = Message() with
        {
            ToName = "Ann É", Subject = "Grüße ✓", Text = "naïve\n.\n..dots\n", Html = "<p>naïve</p>", Unsubscribe = "https://u.example.org/o/abc",
        };

        var outcome = await channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None);

        Assert.Equal(SendStatus.Accepted, outcome.Status);
        Assert.Contains("queued as", outcome.ProviderMessageId, StringComparison.Ordinal);
        var (mail, envelope) = server.Arrived(message.Id);
        Assert.Equal($"bounce+{message.Id:D}@mail.example.org", envelope.GetProperty("sender").GetString());
        Assert.Equal(["ann@example.com"], envelope.GetProperty("recipients").EnumerateArray().Select(to => to.GetString()));
        Assert.True(envelope.GetProperty("tls").GetBoolean());
        Assert.Equal(("Grüße ✓", "Ann É <ann@example.com>", $"<{message.Id:D}@mail.example.org>"), (mail["Subject"], mail["To"], mail["Message-ID"]));
        Assert.Equal(["naïve\r\n.\r\n..dots", "<p>naïve</p>"], mail.Parts.Select(part => part.Text.TrimEnd()));
        Assert.Equal("<https://u.example.org/o/abc>", mail["List-Unsubscribe"]);
    }

    [MailServerFact]
    public async Task An_international_address_gets_its_mail()
    {
        await using var channels = Channels("StartTls");
        var message = Message() with { To = "jürgen@bücher.example" };

        Assert.Equal(SendStatus.Accepted, (await channels.Provider<EmailMessage>().SendAsync(message, CancellationToken.None)).Status);

        var (mail, envelope) = server.Arrived(message.Id);
        Assert.Equal("jürgen@xn--bcher-kva.example", mail["To"]);
        Assert.Contains("SMTPUTF8", envelope.GetProperty("options").EnumerateArray().Select(option => option.GetString()));
    }

    [MailServerFact]
    public async Task Its_refusals_are_understood_and_the_connection_goes_on()
    {
        await using var channels = Channels("StartTls");
        var provider = channels.Provider<EmailMessage>();

        Assert.Equal(SendStatus.AddressDead, (await provider.SendAsync(Message() with { To = "unknown@example.com" }, CancellationToken.None)).Status);
        Assert.Equal(SendStatus.Accepted, (await provider.SendAsync(Message(), CancellationToken.None)).Status);
        await using var stranger = Channels("StartTls", password: "wrong");
        Assert.Equal(SendStatus.Misconfigured, (await stranger.Provider<EmailMessage>().SendAsync(Message(), CancellationToken.None)).Status);
    }

    private ChannelsHost Channels(string security, string password = "s3crét") => new(new()
    {
        ["Channels:Smtp:Host"] = "127.0.0.1", ["Channels:Smtp:Port"] = $"{(security == "Implicit" ? server.ImplicitPort : server.StartTlsPort)}",
        ["Channels:Smtp:Security"] = security, ["Channels:Smtp:User"] = "mailer", ["Channels:Smtp:Password"] = password,
        ["Channels:Smtp:From"] = "news@mail.example.org",
    });

    private static EmailMessage Message() =>
        new() { Id = Guid.CreateVersion7(), Channel = Channel.Email, To = "ann@example.com", Subject = "s", Text = "t" };
}
