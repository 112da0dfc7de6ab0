using NotificationServer.Platform;

namespace NotificationServer.Tracking.Webhooks;

/// What is wrong with a wish; the pointer is into the endpoint as the API has it.
internal sealed record WishProblem(string Pointer, string Code, string Message);

/// What an endpoint may be, whoever asks for it.
internal static class WishRules
{
    public const int LongestDescription = 200;

    public static (EndpointWish Wish, IReadOnlyList<WishProblem> Problems) Check(string url, string[] types, string? description, bool enabled, TargetRules rules)
    {
        var problems = new List<WishProblem>();
        if (rules.Refuse(url, out var target) is { } refusal) problems.Add(new("/url", refusal.Code, refusal.Message));
        if (types.Length == 0 || types.Length > EventTypes.All.Count) problems.Add(new("/event_types", "invalid_count", "Name at least one event type, and each once"));
        for (var i = 0; i < Math.Min(types.Length, EventTypes.All.Count); i++)
        {
            if (!EventTypes.All.Contains(types[i])) problems.Add(new($"/event_types/{i}", "unknown_event_type", $"One of {string.Join(", ", EventTypes.All)}"));
            if (Array.IndexOf(types, types[i]) != i) problems.Add(new($"/event_types/{i}", "duplicate", "Said twice"));
        }
        if (!OneLine.Is(description, LongestDescription, required: false)) problems.Add(new("/description", "invalid_text", OneLine.Wanted(LongestDescription)));
        return (new EndpointWish(target, types, description, enabled), problems);
    }
}
