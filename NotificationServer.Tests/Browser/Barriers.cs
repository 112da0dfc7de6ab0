using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace NotificationServer.Tests.Browser;

/// What keeps people out of a page: it is wider than the window, or axe-core finds a barrier.
internal static class Barriers
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // WCAG 2.2 AA, and the best practices that axe knows beyond it. What a message holds, in a frame of its own, is its author's.
    private const string Find = """
        async () => (await axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], iframes: false,
        })).violations.map(violation => `${violation.id}: ${violation.help} (${violation.nodes.slice(0, 3).map(node => node.html).join(' | ')})`)
        """;

    public static async Task<IEnumerable<string>> OnAsync(IPage page, string name)
    {
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        await page.EvaluateAsync(Axe);
        var found = (await page.EvaluateAsync<string[]>(Find)).Select(barrier => $"{name}: {barrier}");
        return overflow == 0 ? found : found.Prepend($"{name} is {overflow} px wider than the window");
    }
}
