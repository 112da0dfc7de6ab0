using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Tracking.Webhooks;

namespace NotificationServer.Admin.Pages.Webhooks;

/// An endpoint as it is written into a form.
internal sealed class EndpointForm
{
    public Guid? Client { get; set; }
    public bool Sandbox { get; set; }
    public string? Url { get; set; }
    public string[] EventTypes { get; set; } = [];
    public string? Description { get; set; }
    public bool Enabled { get; set; } = true;
    public int Version { get; set; }

    public static EndpointForm Of(EndpointRow row) => new()
    {
        Client = row.ClientId, Sandbox = row.Sandbox, Url = row.Url, EventTypes = row.EventTypes, Description = row.Description, Enabled = row.Enabled, Version = row.Version,
    };

    /// By the same rules as a call. Null: the model state says what is wrong.
    public EndpointWish? Wish(TargetRules rules, ModelStateDictionary errors)
    {
        var (wish, problems) = WishRules.Check(Url?.Trim() ?? "", EventTypes, string.IsNullOrWhiteSpace(Description) ? null : Description.Trim(), Enabled, rules);
        foreach (var problem in problems)
            errors.AddModelError(problem.Pointer switch { "/url" => "Form.Url", "/description" => "Form.Description", _ => "Form.EventTypes" }, $"{problem.Message}.");
        return problems.Count == 0 ? wish : null;
    }

    /// For people: by what they are about.
    public static IEnumerable<IGrouping<string, string>> Groups => Tracking.Webhooks.EventTypes.All.GroupBy(type => type.Split('.')[0]);
}
