using Dapper;
using NotificationServer.Platform;
using NotificationServer.Recipients.Addresses;
using Npgsql;

namespace NotificationServer.Admin.Pages.Messages;

/// What somebody meant by what they pasted, in the order in which it is most likely.
internal sealed class MessageFinder(NpgsqlDataSource db)
{
    private const int MostUsers = 100;

    /// What to list: the messages of people, of bare addresses, of notifications, or these. Words: what was understood.
    internal sealed record Found(string Words)
    {
        public Guid? Message { get; init; }
        public string[]? Users { get; init; }
        public string? Address { get; init; }
        public Guid[]? Notifications { get; init; }
        public Guid[]? Messages { get; init; }
        /// Nothing that an index knows: among the newest it may be a provider's id.
        public string? ProviderMessageId { get; init; }
    }

    public async Task<Found> FindAsync(string typed, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (IsId("msg", typed, out var message)) return new Found("this message") { Message = message, Messages = [message] };
        if (IsId("ntf", typed, out var notification)) return new Found($"the notification {PrefixedId.Format("ntf", notification)}") { Notifications = [notification] };
        if (Guid.TryParse(typed, out var bare))
            return await ExistsAsync(connection, bare, ct) ? new Found("this message") { Message = bare, Messages = [bare] }
                : new Found("the notification of this id") { Notifications = [bare] };
        if (EmailAddress.TryParse(typed, out var email, out _)) return await OfAddressAsync(connection, email, "e-mail address", typed, ct);
        if (PhoneOf(typed) is { } phone) return await OfAddressAsync(connection, phone, "phone number", typed, ct);
        return await OfNameAsync(connection, typed, ct);
    }

    private static async Task<Found> OfAddressAsync(NpgsqlConnection connection, string address, string kind, string typed, CancellationToken ct)
    {
        var users = (await connection.QueryAsync<string>(new CommandDefinition(Sql.UsersOf, new { address, typed, most = MostUsers }, cancellationToken: ct))).AsList();
        return new Found($"this {kind}{(users.Count > 0 ? $", also as {string.Join(", ", users.Take(3))}" : "")}") { Users = [.. users], Address = address };
    }

    private static async Task<Found> OfNameAsync(NpgsqlConnection connection, string typed, CancellationToken ct)
    {
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.IsUser, new { typed }, cancellationToken: ct)))
            return new Found($"the user {typed}") { Users = [typed] };
        var events = (await connection.QueryAsync<Guid>(new CommandDefinition(Sql.OfEvent, new { typed }, cancellationToken: ct))).ToArray();
        if (events.Length > 0) return new Found($"the event {typed}") { Notifications = events };
        var texts = (await connection.QueryAsync<Guid>(new CommandDefinition(Sql.OfText, new { typed }, cancellationToken: ct))).ToArray();
        if (texts.Length > 0) return new Found($"the provider's id {typed}") { Messages = texts };
        return new Found($"“{typed}” as a provider's id") { ProviderMessageId = typed };
    }

    private static Task<bool> ExistsAsync(NpgsqlConnection connection, Guid id, CancellationToken ct) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(Sql.Exists, new { id }, cancellationToken: ct));

    private static bool IsId(string prefix, string typed, out Guid id) => PrefixedId.TryParse(prefix, typed.ToLowerInvariant(), out id);

    /// As people write it: with spaces, dashes, brackets, or 00 for the plus sign.
    private static string? PhoneOf(string typed)
    {
        if (!typed.StartsWith('+') && !typed.StartsWith("00", StringComparison.Ordinal)) return null;
        var digits = string.Concat(typed.Where(char.IsAsciiDigit));
        return PhoneNumber.TryParse("+" + (typed.StartsWith('+') ? digits : digits[2..]), out var number, out _) ? number : null;
    }

    internal static class Sql
    {
        public const string Exists = "select exists (select from messages where id = @id)";

        public const string UsersOf = """
            select id from users where lower(email) = lower(@address)
            union
            select id from users where phone = @address
            union
            -- An id may look like an address.
            select id from users where id = @typed
            limit @most
            """;

        // Forgotten people are known by their messages alone.
        public const string IsUser = """
            select exists (select from users where id = @typed) or exists (select from messages where user_id = @typed)
            """;

        public const string OfEvent = """
            select e.notification_id
            from clients c
            join event_dedup e on e.client_id = c.id and e.event_id = @typed
            limit 100
            """;

        public const string OfText = """
            select message_id
            from attempts
            where provider_message_id = @typed and channel = 'sms' and outcome = 'accepted'
            limit 100
            """;
    }
}
