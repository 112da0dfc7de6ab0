using System.Security.Cryptography;

namespace NotificationServer.Platform;

/// Registered by the folder that will ask for it, so that a server in production without it does not even start.
internal sealed record RequiredSecret(string Name);

/// The server's own secrets, which must not be in the database: whoever steals a dump gets nothing that opens a door.
/// `Secrets:{name}` (base64 of 32 bytes) or `Secrets:{name}File`; in Development one is made and kept in the data directory.
internal sealed class ServerSecrets(
    IConfiguration configuration, IHostEnvironment environment, DataDirectory data, IEnumerable<RequiredSecret> required)
{
    private const int Length = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<string, byte[]> known = [];

    /// In Development nothing can be missing: what is not there is made when it is asked for.
    public void DemandRequired()
    {
        if (environment.IsDevelopment())
            return;
        foreach (var secret in required)
            Get(secret.Name);
    }

    public byte[] Get(string name)
    {
        lock (gate)
        {
            if (!known.TryGetValue(name, out var secret))
                known[name] = secret = Decode(name, Configured(name) ?? OwnDevelopmentSecret(name));
            return secret;
        }
    }

    private string? Configured(string name)
    {
        if (configuration[$"Secrets:{name}"] is { Length: > 0 } text)
            return text;
        if (configuration[$"Secrets:{name}File"] is not { Length: > 0 } file)
            return null;
        return File.Exists(file) ? File.ReadAllText(file) : throw new StartupException($"The file of Secrets:{name}File is not there: {file}");
    }

    private string OwnDevelopmentSecret(string name)
    {
        if (!environment.IsDevelopment())
            throw new StartupException($"Set Secrets__{name} to 32 random bytes in base64 (openssl rand -base64 32), or Secrets__{name}File to a file of it.");

        var file = Path.Combine("secrets", name);
        data.WriteOnceSecretly(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)));
        return File.ReadAllText(data.Locate(file));
    }

    private static byte[] Decode(string name, string text)
    {
        var bytes = new byte[Length];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == Length
            ? bytes
            : throw new StartupException($"Secrets:{name} is not the base64 of {Length} bytes (openssl rand -base64 32 makes one).");
    }
}
