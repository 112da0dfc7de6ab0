using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NotificationServer.Simulator.Credentials;

/// The certificate authority of one data directory. It outlives a restart, so that a sender that trusted it still does.
internal sealed class PrivateAuthority
{
    private static readonly TimeSpan Skew = TimeSpan.FromDays(1);

    private PrivateAuthority(string file, X509Certificate2 root) => (RootFile, Root) = (file, root);

    /// PEM of the root, for senders to trust.
    public string RootFile { get; }
    public X509Certificate2 Root { get; }

    public static PrivateAuthority In(string directory)
    {
        var file = Path.Combine(directory, "ca.pem");
        var keyFile = Path.Combine(directory, "ca-key.pem");
        if (!File.Exists(file) || !File.Exists(keyFile))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var root = SelfSigned(key);
            SecretFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(file, root.ExportCertificatePem() + "\n");
        }

        return new PrivateAuthority(file, X509Certificate2.CreateFromPemFile(file, keyFile));
    }

    public X509Certificate2 IssueForLoopback() => IssueFor(null);

    /// For this machine, and for the name that others know it by.
    public X509Certificate2 IssueFor(string? host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else if (host is not null) names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        // The machine's clock even where the simulator is given another: it is the sender's TLS stack that checks these.
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(Root, now - Skew, now + TimeSpan.FromDays(365), RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 SelfSigned(ECDsa key)
    {
        var request = new CertificateRequest("CN=Provider simulator root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now - Skew, now + TimeSpan.FromDays(3650));
    }
}
