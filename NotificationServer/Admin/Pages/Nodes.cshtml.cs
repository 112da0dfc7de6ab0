using Microsoft.AspNetCore.Mvc.RazorPages;
using NotificationServer.Admin.Ui;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages;

/// Who is there, what does each do, and has one of them gone without a word?
internal sealed class NodesModel(NodeList nodes, LeaseList leases) : PageModel
{
    private const int MostStuck = 50;

    public IReadOnlyList<NodeInfo> Alive { get; private set; } = [];
    public IReadOnlyList<NodeInfo> Silent { get; private set; } = [];
    public IReadOnlyList<LeaseInfo> Stuck { get; private set; } = [];

    public string Sentence
    {
        get
        {
            var versions = Alive.Select(node => node.Version).Distinct().Count();
            var alive = Alive.Count == 0 ? "No node is alive." : $"{Alive.Count} {Words.Plural(Alive.Count, "node is", "nodes are")} alive"
                + (versions > 1 ? $" and run {versions} versions." : ".");
            var silent = Silent.Count == 0 ? "" : $" {Silent.Count} fell silent without saying good-bye; what {Words.Plural(Silent.Count, "it", "they")} held is given back by itself.";
            return alive + silent;
        }
    }

    public async Task OnGetAsync(CancellationToken ct)
    {
        var all = await nodes.ReadAsync(ct);
        Alive = [.. all.Where(node => node.Alive)];
        Silent = [.. all.Where(node => !node.Alive)];
        Stuck = await leases.ReadAsync(stuck: true, null, null, MostStuck, ct);
    }
}
