using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace NotificationServer.Platform;

/// Port and password of our own PostgreSQL: chosen once, remembered beside its data.
internal sealed record PostgresIdentity(int Port, string Password)
{
    private const string FileName = "postgres.json";

    public static PostgresIdentity Settle(DataDirectory data, string folder)
    {
        var file = data.Locate(FileName);
        var known = File.Exists(file) ? JsonSerializer.Deserialize<PostgresIdentity>(File.ReadAllText(file)) : null;

        // A port that somebody else took in the meantime is given up; one that our own running server has is not.
        if (known is not null && (PostgresCluster.IsHeld(folder) || IsFree(known.Port)))
            return known;

        var settled = new PostgresIdentity(FreePort(), known?.Password ?? RandomNumberGenerator.GetHexString(32, lowercase: true));
        data.WriteSecretly(FileName, JsonSerializer.Serialize(settled));
        return settled;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
