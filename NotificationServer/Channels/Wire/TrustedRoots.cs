using System.Security.Cryptography.X509Certificates;

namespace NotificationServer.Channels.Wire;

/// Whose certificates we believe: the system's roots or, if a file is given, the system's roots and those of the file (PEM).
/// Never fewer checks: names, dates and chains are verified as ever, there is no bypass.
internal static class TrustedRoots
{
    /// Null: the system's roots alone.
    public static X509ChainPolicy? Policy(string? file)
    {
        if (string.IsNullOrEmpty(file)) return null;

        // As SslStream's own default; a chain policy's would be to ask online.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        AddSystemRoots(policy.CustomTrustStore, StoreLocation.LocalMachine);
        AddSystemRoots(policy.CustomTrustStore, StoreLocation.CurrentUser);
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }

    private static void AddSystemRoots(X509Certificate2Collection to, StoreLocation location)
    {
        using var store = new X509Store(StoreName.Root, location);
        store.Open(OpenFlags.ReadOnly);
        to.AddRange(store.Certificates);
    }
}
