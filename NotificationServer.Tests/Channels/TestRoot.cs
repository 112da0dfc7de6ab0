using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NotificationServer.Tests.Channels;

/// A private root of this test run, and what it signed. Nothing but Channels:TrustedRootsFile makes the providers believe it.
internal static class TestRoot
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly X509Certificate2 Root = MakeRoot();

    public static X509Certificate2 ServerCertificate { get; } = Issue("127.0.0.1", From.AddDays(30));
    public static X509Certificate2 OfAnotherName { get; } = Issue("127.0.0.2", From.AddDays(30));
    public static X509Certificate2 Expired { get; } = Issue("127.0.0.1", From.AddHours(1));
    public static string File { get; } = Write("ns-test-root-", Root.ExportCertificatePem());

    public static string Write(string prefix, string text)
    {
        var path = Path.Combine(Path.GetTempPath(), prefix + Guid.CreateVersion7().ToString("N") + ".pem");
        System.IO.File.WriteAllText(path, text);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.Delete(path);
        return path;
    }

    private static X509Certificate2 MakeRoot()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(From, From.AddDays(60));
    }

    private static X509Certificate2 Issue(string address, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={address}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(Root, From, until, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
