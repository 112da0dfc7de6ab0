using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Delivery.Routing;

namespace NotificationServer.Admin.Pages.Providers;

/// Adds an account or changes one. Its fields are the vendor's options; what was written is tried before it is stored.
[Authorize(Policies.Administration)]
[RequestSizeLimit(1_000_000)]
internal sealed class EditModel(
    AccountStore store, AccountEditor editor, AccountBuilder builder, AccountDrafts drafts, AccountTrial trial, AccountHistory history, ProviderAccounts accounts) : PageModel
{
    /// Null: a new one.
    [BindProperty(SupportsGet = true)] public string? Key { get; set; }
    [BindProperty(SupportsGet = true)] public string? Kind { get; set; }
    [BindProperty] public AccountForm Form { get; set; } = new();

    public Vendor? Vendor { get; private set; }
    public IReadOnlyList<VendorField> Fields { get; private set; } = [];
    public IReadOnlyList<string> Kept { get; private set; } = [];
    public IReadOnlyList<Channel> Carried => Vendor is null ? [] : [.. ChannelNames.All.Where(channel => channel.Family() == Vendor.Family)];
    public IEnumerable<(string Name, string About)> Vendors => builder.VendorNames.Order().Select(name => (name, VendorForm.About.GetValueOrDefault(name, "")));
    public StoredAccount? Row { get; private set; }
    public long Waiting { get; private set; }
    public string? Problem { get; private set; }

    public bool IsNew => Key is null;
    public string Title => IsNew ? Vendor is null ? "New provider account" : $"New account at {Vendor.Name}" : $"Edit {Key}";
    public string Sentence => IsNew ? "Every node goes by it within two seconds of being saved." : "Every node goes by a change within two seconds; what is being sent comes to its end first.";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct)) return NotFound();
        if (Row is not null) Form = AccountForm.Of(Row);
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(CancellationToken ct)
    {
        if (!await ReadAsync(ct) || Vendor is null) return NotFound();
        var key = Key ?? Form.Key?.Trim() ?? "";
        if (!AccountRules.IsKey(key)) ModelState.AddModelError("Form.Key", AccountRules.KeyWanted);
        else if (IsNew && accounts.Find(key)?.Row is not null) ModelState.AddModelError("Form.Key", "There is an account of this key.");
        var wish = Form.Wish(Vendor, Fields, ModelState);
        var (row, problems) = AccountRules.Check(key, wish);
        if (!Say(problems) || (Form.Check && !await IsAcceptedAsync(row, wish, ct))) return Again();

        var edited = await editor.PutAsync(new AccountChange(row, wish.Settings ?? default, wish.Secrets ?? default, Form.Version, Authors.Of(User.Identity?.Name), wish.Reason), ct);
        switch (edited.Status)
        {
            case AccountEdit.Stored:
                this.Say($"{key} is saved. Every node goes by it within two seconds.");
                return RedirectToPage("/Providers/Account", new { key });
            case AccountEdit.Invalid:
                Say(edited.Problems ?? []);
                break;
            case AccountEdit.NoKey:
                Problem = "It was not saved: this server has no key to keep secrets under (Secrets__provider_key, see the document on providers).";
                break;
            case AccountEdit.Deleted or AccountEdit.Unknown or AccountEdit.VersionConflict or AccountEdit.InUse:
                Problem = "It was not saved: somebody changed the account meanwhile. Open it again to see what it is now.";
                break;
        }
        return Again();
    }

    public async Task<IActionResult> OnPostDeleteAsync(int version, CancellationToken ct)
    {
        if (Key is null || !await ReadAsync(ct)) return NotFound();
        switch ((await editor.DeleteAsync(Key, version, Authors.Of(User.Identity?.Name), ct)).Status)
        {
            case AccountEdit.Deleted:
                this.Say($"The account {Key} is removed.");
                return RedirectToPage("/Providers/Index");
            case AccountEdit.InUse:
                this.Say("It was not removed: a routing rule names it. Change the rules first.", "fail");
                break;
            default:
                this.Say("It was not removed: somebody changed the account meanwhile.", "fail");
                break;
        }
        return RedirectToPage("/Providers/Edit", new { key = Key });
    }

    /// What is stored if the vendor says yes; where it has no harmless call for it, that is all that can be known.
    private async Task<bool> IsAcceptedAsync(StoredAccount row, AccountWish wish, CancellationToken ct)
    {
        var (account, problems) = await drafts.MakeAsync(row, wish.Settings ?? default, wish.Secrets ?? default, ct);
        if (!Say(problems) || account?.Connection is not { } connection) return false;
        try
        {
            var (result, _) = await trial.RunAsync(account, new TrialOrder(null), Authors.Of(User.Identity?.Name), ct);
            if (result?.Check is not { } check || check.Outcome == SendStatus.Accepted.Name()) return true;
            Problem = $"It was not saved: the vendor did not accept the credentials ({check.Outcome.Replace('_', ' ')} {check.Code} {check.Detail}). Write the secrets again; they are not kept in the form.";
            return false;
        }
        finally
        {
            connection.Retire();
        }
    }

    private bool Say(IReadOnlyList<SettingProblem> problems)
    {
        foreach (var problem in problems) ModelState.AddModelError(AccountForm.FieldOf(problem.Pointer), problem.Message);
        return ModelState.IsValid;
    }

    private PageResult Again()
    {
        Problem ??= ModelState[""]?.Errors is [{ } general, ..] ? general.ErrorMessage
            : "It was not saved: see the fields below. Secrets that were written are not kept in the form; write them again.";
        return Page();
    }

    private async Task<bool> ReadAsync(CancellationToken ct)
    {
        if (Key is not null)
        {
            Row = await store.FindAsync(Key, ct);
            if (Row is null) return false;
            Kept = builder.Secrets(Row) is { } secrets ? [.. JsonNode.Parse(secrets)!.AsObject().Where(one => one.Value is not null).Select(one => one.Key)] : []; // stored as an object
            Waiting = await history.WaitingForAsync(Key, [.. ChannelNames.All.Select(channel => channel.Name())], ct);
        }
        Vendor = (Row?.Vendor ?? Kind) is { } name ? builder.FindVendor(name) : null;
        if (Vendor is not null) Fields = VendorForm.Of(Vendor);
        return Row is null || Vendor is not null;
    }
}
