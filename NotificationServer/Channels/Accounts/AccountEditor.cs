using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Channels.Accounts;

/// What a person wants an account to be. Secrets: those named are set, or taken away where they are null; the others stay.
internal sealed record AccountChange(StoredAccount Row, JsonElement Settings, JsonElement Secrets, int? ExpectedVersion, string Actor, string? Reason);

internal enum AccountEdit
{
    Stored,
    Deleted,
    Unknown,
    VersionConflict,
    /// Routing rules name it, and nobody else is of this name.
    InUse,
    Invalid,
    /// This server has no key to store secrets under.
    NoKey,
}

internal readonly record struct AccountEdited(AccountEdit Status, StoredAccount? Account = null, IReadOnlyList<SettingProblem>? Problems = null);

/// Changes accounts. Here they hold at once, on the other nodes within two seconds.
internal sealed class AccountEditor(NpgsqlDataSource db, AccountBuilder builder, AccountCipher cipher, ProviderAccounts accounts, AccountsKeeper keeper)
{
    public async Task<AccountEdited> PutAsync(AccountChange change, CancellationToken ct)
    {
        if (builder.FindVendor(change.Row.Vendor) is not { } vendor)
            return Invalid(new SettingProblem("/kind", "unknown_vendor", $"One of {string.Join(", ", builder.VendorNames.Order())}"));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await FindAsync(connection, change.Row.Key, ct);
        if (change.ExpectedVersion is { } expected && before?.Version != expected) return new AccountEdited(AccountEdit.VersionConflict);

        var (secrets, unreadable) = Merged(builder, before?.Vendor == vendor.Name ? before : null, change.Secrets);
        if (unreadable) return Invalid(new SettingProblem("/secrets", "unreadable", "What is stored cannot be decrypted here; give every secret anew"));
        var (options, problems) = AccountSettings.Read(vendor, change.Settings, JsonElement.Parse(secrets.ToJsonString()));
        if (options is null) return new AccountEdited(AccountEdit.Invalid, Problems: problems);
        if (secrets.Count > 0 && cipher.Problem is not null) return new AccountEdited(AccountEdit.NoKey);

        var row = await connection.QuerySingleAsync<StoredAccount>(new CommandDefinition(Sql.Put, change.Row with
        {
            Settings = change.Settings.GetRawText(),
            Secrets = secrets.Count > 0 ? cipher.Seal(change.Row.Key, Encoding.UTF8.GetBytes(secrets.ToJsonString())) : null,
            SecretsKey = secrets.Count > 0 ? cipher.ActiveKey : null,
            UpdatedBy = change.Actor,
        }, cancellationToken: ct));
        var after = row.Told();
        after["secrets_given"] = change.Secrets.ValueKind == JsonValueKind.Object ? change.Secrets.EnumerateObject().Select(one => one.Name).ToArray() : [];
        await FinishAsync(connection, transaction, new AuditEntry(change.Actor, "provider.put", $"provider:{row.Key}")
        {
            Before = before?.Told(), After = after, Reason = change.Reason,
        }, ct);
        return new AccountEdited(AccountEdit.Stored, row);
    }

    public async Task<AccountEdited> DeleteAsync(string key, int? expectedVersion, string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await FindAsync(connection, key, ct);
        if (before is null) return new AccountEdited(AccountEdit.Unknown);
        if (expectedVersion is { } expected && before.Version != expected) return new AccountEdited(AccountEdit.VersionConflict);
        if (!accounts.IsInConfiguration(key) && await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsNamed, new { key }, cancellationToken: ct)))
            return new AccountEdited(AccountEdit.InUse);
        await connection.ExecuteAsync(new CommandDefinition(Sql.Delete, new { key }, cancellationToken: ct));
        await FinishAsync(connection, transaction, new AuditEntry(actor, "provider.delete", $"provider:{key}") { Before = before.Told() }, ct);
        return new AccountEdited(AccountEdit.Deleted);
    }

    /// Stores every secret that is under a former key anew, under the active one; then the former key can go. How many it could not
    /// read is the second number: their key is not here.
    public async Task<(int Done, int Unreadable)> ReencryptAsync(string actor, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (done, unreadable) = (0, 0);
        var old = (await connection.QueryAsync<StoredAccount>(new CommandDefinition(Sql.OfOtherKeys, new { active = cipher.ActiveKey }, cancellationToken: ct))).AsList();
        foreach (var row in old)
        {
            if (builder.Secrets(row) is not { } plain)
            {
                unreadable++;
                continue;
            }
            await connection.ExecuteAsync(new CommandDefinition(
                Sql.Reseal, new { row.Key, secrets = cipher.Seal(row.Key, plain), secretsKey = cipher.ActiveKey }, cancellationToken: ct));
            done++;
        }
        await FinishAsync(connection, transaction, new AuditEntry(actor, "provider.reencrypt", "providers")
        {
            After = new() { ["key"] = cipher.ActiveKey, ["done"] = done, ["unreadable"] = unreadable },
        }, ct);
        return (done, unreadable);
    }

    private async Task FinishAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, AuditEntry entry, CancellationToken ct)
    {
        await connection.ExecuteAsync(new CommandDefinition(Sql.Raise, cancellationToken: ct));
        await AuditLog.AppendAsync(connection, entry, ct);
        await transaction.CommitAsync(ct);
        await keeper.RunOnceAsync(ct);
    }

    internal static (JsonObject Secrets, bool Unreadable) Merged(AccountBuilder builder, StoredAccount? before, JsonElement given)
    {
        var stored = before is null ? [] : builder.Secrets(before) is { } plain ? (JsonObject)JsonNode.Parse(plain)! : null; // we stored an object
        var merged = stored ?? [];
        if (given.ValueKind == JsonValueKind.Object)
            foreach (var member in given.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.Null) merged.Remove(member.Name);
                else merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        return (merged, stored is null && merged.Count == 0);
    }

    private static Task<StoredAccount?> FindAsync(NpgsqlConnection connection, string key, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<StoredAccount>(new CommandDefinition(Sql.FindForUpdate, new { key }, cancellationToken: ct));

    private static AccountEdited Invalid(SettingProblem problem) => new(AccountEdit.Invalid, Problems: [problem]);

    internal static class Sql
    {
        public const string FindForUpdate = AccountStore.Sql.Find + " for update";

        public const string Put = """
            insert into provider_accounts as a (key, vendor, channels, markets, apps, position, weight, rate_per_second, daily_cap,
                warm_up_from, warm_up_first_day, warm_up_growth, enabled, settings, secrets, secrets_key, updated_by)
            values (@Key, @Vendor, @Channels::text[], @Markets::text[], @Apps::text[], @Position, @Weight, @RatePerSecond::integer, @DailyCap::integer,
                @WarmUpFrom::date, @WarmUpFirstDay::integer, @WarmUpGrowth::double precision, @Enabled, @Settings::jsonb, @Secrets::bytea, @SecretsKey::text, @UpdatedBy)
            on conflict (key) do update set
                vendor = excluded.vendor, channels = excluded.channels, markets = excluded.markets, apps = excluded.apps, position = excluded.position,
                weight = excluded.weight, rate_per_second = excluded.rate_per_second, daily_cap = excluded.daily_cap,
                warm_up_from = excluded.warm_up_from, warm_up_first_day = excluded.warm_up_first_day, warm_up_growth = excluded.warm_up_growth,
                enabled = excluded.enabled, settings = excluded.settings, secrets = excluded.secrets, secrets_key = excluded.secrets_key,
                version = a.version + 1, updated_at = now(), updated_by = excluded.updated_by
            returning key, vendor, channels, markets, apps, position, weight, rate_per_second, daily_cap, warm_up_from, warm_up_first_day, warm_up_growth,
                enabled, settings::text as settings, secrets, secrets_key, version, created_at, updated_at, updated_by
            """;

        public const string Delete = "delete from provider_accounts where key = @key";

        public const string IsNamed = "select exists (select from routing_rules where @key::text = any(accounts))";

        public const string OfOtherKeys = """
            select key, vendor, channels, markets, apps, position, weight, rate_per_second, daily_cap, warm_up_from, warm_up_first_day, warm_up_growth,
                enabled, settings::text as settings, secrets, secrets_key, version, created_at, updated_at, updated_by
            from provider_accounts
            where secrets_key <> @active
            order by key
            for update
            """;

        public const string Reseal = "update provider_accounts set secrets = @secrets, secrets_key = @secretsKey where key = @Key";

        public const string Raise = "update provider_catalog set version = version + 1";
    }
}
