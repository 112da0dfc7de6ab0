using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Web;
using NotificationServer.Recipients;
using Npgsql;

namespace NotificationServer.Admin.Pages.Categories;

/// One kind of message: what it may do to people, in fields and in a sentence.
[Writers(Policies.Marketing)]
internal sealed class EditModel(NpgsqlDataSource db, CategoryStore categories, Undoing undoing) : PageModel
{
    public const int MostShown = 20;

    internal sealed record TemplateRow(string Key, string Name);

    /// Print: of what it became; null: it was deleted.
    private sealed record Was(Category Category, string? Print);

    /// Null: a new one.
    [BindProperty(SupportsGet = true)] public string? Key { get; set; }
    [BindProperty] public string? NewKey { get; set; }
    [BindProperty] public CategoryForm Form { get; set; } = new() { DefaultOptIn = true };

    public Category? Stored { get; private set; }
    public IReadOnlyList<TemplateRow> UsedBy { get; private set; } = [];
    public string? Problem { get; private set; }
    /// What the form would mean; null: something in it is wrong.
    public string? Meaning { get; private set; }

    public bool IsNew => string.IsNullOrEmpty(Key);
    public bool CanWrite => Personal.IsWholeFor(User);

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (IsNew) return Page();
        if (!await ReadAsync(ct)) return NotFound();
        Form = CategoryForm.Of(Stored!); // it was read
        Meaning = CategoryWords.Sentence(Stored!); // likewise
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(bool look, CancellationToken ct)
    {
        if (!IsNew && !await ReadAsync(ct)) return NotFound();
        if (!CategoryKey.TryParse(IsNew ? NewKey?.Trim() : Key, null, out var key)) ModelState.AddModelError(nameof(NewKey), "1 to 100 of a-z 0-9 _ -, beginning with a letter or a digit.");
        var category = Form.Read(key.Value ?? "", ModelState);
        if (ModelState.IsValid) Meaning = CategoryWords.Sentence(category);
        if (look || !ModelState.IsValid) return Page();

        if (IsNew && await categories.FindAsync(key.Value!, ct) is not null) // it was parsed
        {
            ModelState.AddModelError(nameof(NewKey), "There is a category of this key already.");
            return Page();
        }
        if (Stored is { } now && CategoryForm.PrintOf(now) != Form.Seen)
        {
            Problem = "It was not saved: somebody changed this category while you were writing. Yours still stands here; save again to put it in place of theirs.";
            ModelState.Remove("Form.Seen");
            Form.Seen = CategoryForm.PrintOf(now);
            return Page();
        }
        var put = await categories.PutAsync(category, Authors.Of(User.Identity?.Name), ct);
        this.SayUndoably($"“{category.Name}” is {(IsNew ? "there" : "changed")}. It counts within two seconds, for what waits too.", UndoAt(put.Key),
            Stored is null ? null : undoing.Seal(put.Key, new Was(Stored, CategoryForm.PrintOf(put))));
        return RedirectToPage("/Categories/Index", new { key = "" });
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken ct)
    {
        if (IsNew || !await ReadAsync(ct)) return NotFound();
        switch (await categories.DeleteAsync(Key!, Authors.Of(User.Identity?.Name), ct)) // it is not new
        {
            case CategoryStore.DeleteResult.Deleted:
                this.SayUndoably($"“{Stored!.Name}” is gone. What people said about it is kept.", UndoAt(Stored.Key), undoing.Seal(Stored.Key, new Was(Stored, null))); // it was read
                return RedirectToPage("/Categories/Index", new { key = "" });
            case CategoryStore.DeleteResult.InUse:
                Form = CategoryForm.Of(Stored!); // likewise
                Problem = "It was not deleted: templates are of this category.";
                return Page();
            default:
                return NotFound();
        }
    }

    /// As it was before what the notice told of, unless somebody did something to it since.
    public async Task<IActionResult> OnPostUndoAsync(string? was, CancellationToken ct)
    {
        if (IsNew || undoing.Open<Was>(Key!, was) is not { } before // it is not new
            || (await categories.FindAsync(before.Category.Key, ct) is { } now ? CategoryForm.PrintOf(now) : null) != before.Print)
        {
            this.SayNotUndone();
        }
        else
        {
            await categories.PutAsync(before.Category, Authors.Of(User.Identity?.Name), ct);
            this.Say($"“{before.Category.Name}” is again what it was.");
        }
        return RedirectToPage("/Categories/Index", new { key = "" });
    }

    private string UndoAt(string key) => Url.Page("/Categories/Edit", "Undo", new { key })!; // our own page

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (Key is null || !CategoryKey.TryParse(Key, null, out var key) || await categories.FindAsync(key.Value, ct) is not { } stored) return false;
        Stored = stored;
        await using var connection = await db.OpenConnectionAsync(ct);
        UsedBy = (await connection.QueryAsync<TemplateRow>(new CommandDefinition(Sql.UsedBy, new { key = key.Value, limit = MostShown + 1 }, cancellationToken: ct))).AsList();
        return true;
    }

    internal static class Sql
    {
        // Archived ones too: they keep their category.
        public const string UsedBy = """
            select key, name
            from templates
            where category = @key
            order by key
            limit @limit
            """;
    }
}
