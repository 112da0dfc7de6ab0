using System.Net;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform;
using NotificationServer.Simulator.Credentials;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Platform;

/// A PostgreSQL with a certificate of a private authority.
[Bar("S35")]
[UnsupportedOSPlatform("windows")]
public sealed class DatabaseTlsTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-tls-");
    private EmbeddedPostgres server = null!; // xunit initialises before any test
    private PrivateAuthority authority = null!;

    public async Task InitializeAsync()
    {
        server = new EmbeddedPostgres(new DataDirectory(folder.FullName), TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);
        await server.StartAsync(default);
        authority = PrivateAuthority.In(folder.CreateSubdirectory("ours").FullName);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_certificate_of_the_named_authority_is_taken_and_any_other_is_refused()
    {
        using (var certificate = authority.IssueForLoopback()) await ServeWithAsync(certificate);
        var stranger = PrivateAuthority.In(folder.CreateSubdirectory("strangers").FullName);

        Assert.Equal("true TLSv1.3", await AskAsync($"SSL Mode=VerifyFull;Root Certificate={authority.RootFile}"));
        await IsRefusedAsync($"SSL Mode=VerifyFull;Root Certificate={stranger.RootFile}");
        await IsRefusedAsync("SSL Mode=VerifyFull"); // by the authorities of this machine

        // The right authority, but for another name: only VerifyFull looks at it.
        using (var certificate = IssueFor("db.example.org")) await ServeWithAsync(certificate);
        await Eventually.IsTrueAsync(async () => // PostgreSQL reads it again in its own time
            await Record.ExceptionAsync(() => AskAsync($"SSL Mode=VerifyFull;Root Certificate={authority.RootFile}")) is NpgsqlException { InnerException: AuthenticationException });
        // Now it is that certificate for sure: before, the first one would have been taken too.
        Assert.Equal("true TLSv1.3", await AskAsync($"SSL Mode=VerifyCA;Root Certificate={authority.RootFile}"));
    }

    private async Task IsRefusedAsync(string tls)
    {
        var refused = await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(tls));
        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    private async Task<string?> AskAsync(string tls)
    {
        await using var source = PostgresSource.Create($"{server.ConnectionString};{tls};Pooling=false", new DatabaseOptions());
        await using var connection = await source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string>("select ssl::text || ' ' || version from pg_stat_ssl where pid = pg_backend_pid()");
    }

    /// As an operator sets it up: two files beside the data, and a reload.
    private async Task ServeWithAsync(X509Certificate2 certificate)
    {
        var place = Path.Combine(folder.FullName, "postgres");
        var account = await PostgresAccount.ForAsync(place, default);
        using var key = certificate.GetECDsaPrivateKey()!; // of the kind that is made here
        foreach (var (name, text) in new[] { ("server.crt", certificate.ExportCertificatePem()), ("server.key", key.ExportPkcs8PrivateKeyPem()) })
        {
            var file = Path.Combine(place, "cluster", name);
            File.Delete(file);
            await File.WriteAllTextAsync(file, text + "\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await account.GiveAsync(file, default);
        }
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.ExecuteAsync("alter system set ssl = on");
        await connection.ExecuteAsync("select pg_reload_conf()");
        await Eventually.IsTrueAsync(async () =>
        {
            try
            {
                return await AskAsync($"SSL Mode=VerifyCA;Root Certificate={authority.RootFile}") is not null;
            }
            catch (NpgsqlException)
            {
                return false; // not reloaded yet
            }
        });
    }

    private X509Certificate2 IssueFor(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Parse("192.0.2.1"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority.Root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(authority.Root, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }
}
