using Dapper;
using Npgsql;

namespace NotificationServer.Admin.Pages.People;

/// What administrators see of a colleague's account.
internal sealed record PersonRow
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public string? FullName { get; init; }
    public required string[] Roles { get; init; }
    public bool TwoFactorEnabled { get; init; }
    public bool HasPassword { get; init; }
    public bool IsFromCompany { get; init; }
    public bool IsDisabled { get; init; }
    public DateTimeOffset? LastSignInAt { get; init; }
    public long Sessions { get; init; }

    public string Status => IsDisabled ? "disabled" : "active";
}

internal sealed class PeopleList(NpgsqlDataSource db)
{
    public const int PageSize = 50;

    internal sealed record Total(long People, long Administrators, long Disabled, long Alone);

    public async Task<IReadOnlyList<PersonRow>> ReadAsync(string? search, string? role, string? status, string? after, CancellationToken ct)
    {
        var pattern = string.IsNullOrWhiteSpace(search) ? null : $"%{search.Trim().Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<PersonRow>(new CommandDefinition(Sql.List,
            new { search = pattern, role, status, after, id = (Guid?)null, limit = PageSize + 1 }, cancellationToken: ct))).AsList();
    }

    public async Task<PersonRow?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<PersonRow>(new CommandDefinition(Sql.List,
            new { search = (string?)null, role = (string?)null, status = (string?)null, after = (string?)null, id = (Guid?)id, limit = 1 }, cancellationToken: ct));
    }

    public async Task<(Total Total, IReadOnlyList<Identity.People.Invitation> Invitations)> AroundAsync(string[] asked, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var total = await connection.QuerySingleAsync<Total>(new CommandDefinition(Sql.Total, new { asked }, cancellationToken: ct));
        return (total, (await connection.QueryAsync<Identity.People.Invitation>(new CommandDefinition(Sql.Invitations, cancellationToken: ct))).AsList());
    }

    internal static class Sql
    {
        // Colleagues are tens or hundreds: the filters need no index.
        public const string List = """
            select s.id, s.email, s.full_name, s.two_factor_enabled, s.password_hash is not null as has_password, n.last_sign_in_at,
                   exists (select from staff_logins l where l.user_id = s.id) as is_from_company,
                   coalesce(s.lockout_end > now(), false) as is_disabled,
                   array(select r.name from staff_roles h join roles r on r.id = h.role_id where h.user_id = s.id order by r.id) as roles,
                   (select count(*) from staff_sessions w where w.user_id = s.id and w.expires_at > now()) as sessions
            from staff s
            left join staff_notes n on n.user_id = s.id
            where (@id::uuid is null or s.id = @id::uuid)
              and (@after::text is null or s.normalized_user_name collate "C" > @after::text)
              and (@search::text is null or s.email ilike @search::text or s.full_name ilike @search::text)
              and (@role::text is null or exists (select from staff_roles h join roles r on r.id = h.role_id where h.user_id = s.id and r.name = @role::text))
              and (@status::text is null or @status::text = case when s.lockout_end > now() then 'disabled' else 'active' end)
            order by s.normalized_user_name collate "C"
            limit @limit
            """;

        public const string Total = """
            select count(*) as people,
                   count(*) filter (where exists (select from staff_roles h join roles r on r.id = h.role_id where h.user_id = s.id and r.name = 'Administrator')) as administrators,
                   count(*) filter (where s.lockout_end > now()) as disabled,
                   count(*) filter (where not s.two_factor_enabled and s.password_hash is not null and coalesce(s.lockout_end <= now(), true)
                       and exists (select from staff_roles h join roles r on r.id = h.role_id where h.user_id = s.id and r.name = any (@asked::text[]))) as alone
            from (select * from staff limit 10001) s
            """;

        public const string Invitations = """
            select id, email, roles, invited_by, invited_at, expires_at, expires_at <= now() as is_expired
            from staff_invitations
            order by invited_at desc, id
            limit 100
            """;
    }
}
