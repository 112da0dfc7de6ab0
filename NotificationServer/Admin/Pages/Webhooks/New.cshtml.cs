using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Admin.Pages.Webhooks;

/// Registers an endpoint for a client. Whoever may make any key may also subscribe to anything.
[Authorize(Policies.Administration)]
internal sealed class NewModel(WebhookDesk desk, EndpointStore endpoints, WebhookSecrets secrets, TargetRules rules) : PageModel
{
    [BindProperty] public EndpointForm Form { get; set; } = new();

    public IReadOnlyList<ClientChoice> Clients { get; private set; } = [];
    public SecretShown? Made { get; private set; }
    public string? Problem { get; private set; }

    public async Task OnGetAsync(CancellationToken ct) => Clients = await desk.ClientsAsync(ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Clients = await desk.ClientsAsync(ct);
        if (Clients.FirstOrDefault(one => one.Id == Form.Client) is not { } client) ModelState.AddModelError("Form.Client", "Choose whose endpoint it is.");
        else if (Form.Wish(rules, ModelState) is { } wish) await MakeAsync(client, wish, ct);
        return Page();
    }

    private async Task MakeAsync(ClientChoice client, EndpointWish wish, CancellationToken ct)
    {
        if (secrets.Problem is not null) Problem = "It was not made: this server has no key to keep secrets under (Secrets__provider_key, see the document on providers).";
        else if (await endpoints.CreateAsync(new EndpointOwner(client.Id, Form.Sandbox, Authors.Of(User.Identity?.Name)), wish, ct) is not { } created)
            Problem = $"It was not made: {client.Name} has as many endpoints as a client may have. Remove one that is not used.";
        else Made = Shown(created.Endpoint, created.Secret, Url);
    }

    internal static SecretShown Shown(WebhookEndpoint endpoint, byte[] secret, IUrlHelper url) => new(
        $"The secret of {new Uri(endpoint.Url).Host}", WebhookSecrets.Reveal(secret),
        "This is the only time that it is shown. The receiver checks with it that a call is from us.",
        url.Page("/Webhooks/Endpoint", new { id = EndpointStore.KeyOf(endpoint.Id) })!); // the page exists
}
