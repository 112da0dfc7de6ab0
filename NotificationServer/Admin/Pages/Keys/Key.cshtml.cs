using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Clients;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Pages.Keys;

/// One key: what it may do, who uses it, and how to take it away.
[Authorize(Policies.Administration)]
internal sealed class KeyModel(NpgsqlDataSource db, ApiKeyStore keys, IConfiguration configuration, TimeProvider clock) : PageModel
{
    private const int LongestReason = 500;
    private static readonly TimeSpan DefaultAge = TimeSpan.FromSeconds(10);
    private static readonly int[] Overlaps = [0, 1, 24, 7 * 24, 30 * 24];

    [BindProperty(SupportsGet = true)] public required string Id { get; set; }
    [BindProperty] public string? Name { get; set; }
    [BindProperty] public string? RateLimit { get; set; }
    [BindProperty] public string? Networks { get; set; }
    [BindProperty] public string? Reason { get; set; }

    public KeyRow Row { get; private set; } = null!; // every handler sets it or answers 404
    public SecretShown? Made { get; private set; }

    /// How long a node may go on believing a key that was revoked on another.
    public TimeSpan Bound => configuration.GetValue("Api:KeyCache", DefaultAge);

    public string Sentence => Row.RevokedAt is { } at ? $"Revoked {Words.Ago(at, Row.Now)}: every call with it is refused."
        : Row.IsExpired ? $"Ended {Words.Ago(Row.ExpiresAt!.Value, Row.Now)}: every call with it is refused." // it has an end if that is over
        : $"{Row.LastUse}.{(Row.ExpiresAt is { } end ? $" It ends {Words.Ago(end, Row.Now)}." : " It works until it is revoked.")}";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        (Name, RateLimit, Networks) = (Row.Name, Row.RateLimit?.ToString(System.Globalization.CultureInfo.InvariantCulture), string.Join('\n', Row.Networks));
        return Page();
    }

    public async Task<IActionResult> OnPostChangeAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (!OneLine.Is(Name, KeyForm.LongestName)) ModelState.AddModelError(nameof(Name), OneLine.Wanted(KeyForm.LongestName));
        var networks = KeyForm.ReadNetworks(Networks, nameof(Networks), ModelState);
        var limit = KeyForm.ReadLimit(RateLimit, nameof(RateLimit), ModelState);
        if (!ModelState.IsValid) return Page();
        await keys.ChangeAsync(Id, new KeyChange(Name!.Trim(), limit, networks), Authors.Of(User.Identity?.Name), ct); // no errors
        this.Say($"The key “{Name.Trim()}” is changed; every node goes by it within {Words.Age(Bound)}.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostRotateAsync(int overlap, CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        var until = clock.GetUtcNow().AddHours(Overlaps.Contains(overlap) ? overlap : 24);
        if (!HasReason() || await keys.RotateAsync(Id, until, Authors.Of(User.Identity?.Name), Reason, ct) is not { } key)
        {
            this.Say("It was not rotated: the key does not work any more, or another has taken its place.", "fail");
            return RedirectToPage();
        }
        Made = NewModel.Shown(Row.Client, Row.Name, key, Url.Page("/Keys/Key", new { id = key.Id })!); // the page exists
        await ReadAsync(ct);
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (HasReason() && await keys.RevokeAsync(Id, Authors.Of(User.Identity?.Name), Reason, ct))
            this.Say($"The key “{Row.Name}” of {Row.Client} is revoked: within {Words.Age(Bound)} every node refuses it.");
        else this.Say("Nothing was revoked: the key was revoked before, or the reason is too long.", "warn");
        return RedirectToPage();
    }

    private bool HasReason()
    {
        Reason = string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim();
        return OneLine.Is(Reason, LongestReason, required: false);
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<KeyRow>(new CommandDefinition(Sql.Find, new { id = Id }, cancellationToken: ct)) is not { } row) return false;
        Row = row;
        return true;
    }

    internal static class Sql
    {
        public const string Find = """
            select k.id, c.name as client, k.name, k.scopes, k.sandbox, k.created_at, k.created_by, k.expires_at, k.revoked_at, k.last_used_at, k.rate_limit,
                k.networks, k.replaced_by, now() as now
            from api_keys k
            join clients c on c.id = k.client_id
            where k.id = @id
            """;
    }
}
