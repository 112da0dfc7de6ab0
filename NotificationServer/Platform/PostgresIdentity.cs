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

    /// None of those that systems hand out by themselves (Linux from 32,768, others from 49,152: https://www.rfc-editor.org/rfc/rfc6335#section-6):
    /// until the server has started, and between two of its starts, nobody gets it by chance.
    internal static int FreePort()
    {
        const int lowest = 20_000, above = 32_768, tries = 1_000;
        for (var i = 0; i < tries; i++)
        {
            if (RandomNumberGenerator.GetInt32(lowest, above) is var port && IsFree(port)) return port;
        }
        throw new StartupException($"No port between {lowest} and {above} is free for PostgreSQL: set ConnectionStrings__Default to use one that runs elsewhere.");
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
