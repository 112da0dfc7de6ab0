using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NotificationServer.Channels.Accounts;

/// Makes an account that can send of a row. A row that is no good on this node (a key is not here, a file is not there) becomes an
/// account that says so and carries nothing: it must not take the others down, nor be passed over in silence.
internal sealed class AccountBuilder(IEnumerable<Vendor> vendors, AccountCipher cipher, ILogger<AccountBuilder> log)
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    private readonly Dictionary<string, Vendor> vendors = vendors.ToDictionary(vendor => vendor.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> VendorNames => vendors.Keys;

    public Vendor? FindVendor(string name) => vendors.GetValueOrDefault(name);

    /// Before: the account of this key so far. Its connector is kept where nothing changed that it was made of.
    public ProviderAccount Build(StoredAccount row, ProviderAccount? before)
    {
        var account = Plain(row);
        try
        {
            return Connected(row, account, before);
        }
        // What a connector meets when it reads a file or a key. Not its message: that may quote what was read.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or FormatException
            or InvalidOperationException or JsonException)
        {
            return Useless(account, $"its settings cannot be used here ({e.GetType().Name})");
        }
    }

    private static ProviderAccount Plain(StoredAccount row) =>
        new(row.Key, row.Vendor)
        {
            // A later version may know more channels than this one.
            Channels = [.. row.Channels.SelectMany(ChannelNames.Expand)],
            Markets = row.Markets,
            Apps = row.Apps,
            Order = row.Position,
            Weight = row.Weight,
            Limits = row.Limits,
            Enabled = row.Enabled,
            Row = row,
        };

    private ProviderAccount Connected(StoredAccount row, ProviderAccount account, ProviderAccount? before)
    {
        if (FindVendor(row.Vendor) is not { } vendor) return Useless(account, $"this version knows no vendor {row.Vendor}");
        if (Secrets(row) is not { } secrets) return Useless(account, "its secrets cannot be decrypted here: is the key of that name set?");
        var wiring = Wiring(row, secrets);
        if (before is { IsConfigured: false, Connection: { } kept } && before.Wiring == wiring)
            return Served(account with { Connection = kept, Settings = before.Settings, Wiring = wiring }, vendor, row);

        var (options, problems) = AccountSettings.Read(vendor, JsonElement.Parse(row.Settings), JsonElement.Parse(secrets));
        return options is null
            ? Useless(account, string.Join("; ", problems.Select(problem => $"{problem.Pointer}: {problem.Message}")))
            : Served(account with { Connection = new Connection(vendor.Connect(options), isOwned: true), Settings = options, Wiring = wiring }, vendor, row);
    }

    /// What is stored, as JSON; an empty object if nothing is. Null: it cannot be read.
    public byte[]? Secrets(StoredAccount row) =>
        row is { Secrets: { } bytes, SecretsKey: { } key } ? cipher.Open(row.Key, bytes, key) : Encoding.UTF8.GetBytes(Nothing.GetRawText());

    private static ProviderAccount Served(ProviderAccount account, Vendor vendor, StoredAccount row)
    {
        var carried = ProviderAccounts.ChannelsOf(account.Provider!, vendor.Family); // connected above
        return account with { Channels = row.Channels.Length == 0 ? carried : [.. carried.Intersect(account.Channels)] };
    }

    private ProviderAccount Useless(ProviderAccount account, string problem)
    {
        Log.AccountUseless(log, account.Key, problem);
        return account with { Problem = problem };
    }

    private static string Wiring(StoredAccount row, byte[] secrets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{row.Vendor}\n{row.Settings}\n"));
        hash.AppendData(secrets);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
