using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NotificationServer.Admin.Ui;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Channels;

namespace NotificationServer.Admin.Pages.Campaigns;

internal sealed class VariantForm
{
    public string? Name { get; set; }
    public string? Template { get; set; }
}

/// What a name in the template's words stands for.
internal sealed class ValueForm
{
    public required string Name { get; set; }
    public string? Text { get; set; }
}

/// What a campaign says, as it is typed: its template, or those that are tried against each other, and what their names stand for.
internal sealed class ContentForm
{
    public const int MostVariants = 4;
    public static readonly string[] Families = ["email", "sms", "push"];
    public static readonly (string Name, TimeSpan Time)[] Units = [("minutes", TimeSpan.FromMinutes(1)), ("hours", TimeSpan.FromHours(1)), ("days", TimeSpan.FromDays(1))];

    public string? Template { get; set; }
    /// Several are tried; the best one goes to the rest.
    public bool Test { get; set; }
    /// Not the version that was agreed to, but the one that is in use now.
    public bool Newest { get; set; }
    public List<VariantForm> Variants { get; set; } = [];
    public int? SamplePercent { get; set; } = 20;
    public string Metric { get; set; } = "opened";
    public int? DecideAfter { get; set; } = 4;
    public string DecideUnit { get; set; } = "hours";
    public string[] Channels { get; set; } = [];
    public List<ValueForm> Values { get; set; } = [];
    /// What no field above stands for, as JSON.
    public string? Data { get; set; }

    public static ContentForm Of(CampaignPlan plan, IReadOnlyList<string> names, IReadOnlyList<string> said)
    {
        var rest = plan.Data is { ValueKind: JsonValueKind.Object } data ? JsonNode.Parse(data.GetRawText())!.AsObject() : []; // an object is no null
        var values = names.Select(name => new ValueForm { Name = name, Text = DataPath.Take(rest, name) }).ToList();
        var (after, unit) = Split(plan.AbTest?.DecideAfter ?? TimeSpan.FromHours(4));
        var form = new ContentForm
        {
            Template = plan.Template ?? plan.AbTest?.Variants.Select(variant => variant.Template).FirstOrDefault(),
            Test = plan.AbTest is not null,
            Variants = [.. (plan.AbTest?.Variants ?? []).Select(variant => new VariantForm { Name = variant.Name, Template = variant.Template ?? plan.Template })],
            SamplePercent = plan.AbTest?.SamplePercent ?? 20,
            Metric = plan.AbTest?.Metric == TestMetric.Clicked ? "clicked" : "opened",
            DecideAfter = after,
            DecideUnit = unit,
            Channels = Chosen(plan, said),
            Values = values,
            Data = rest.Count == 0 ? null : Pretty.Json(JsonSerializer.SerializeToElement(rest)),
        };
        form.Tidy();
        return form;
    }

    public void Tidy()
    {
        while (Variants.Count < MostVariants) Variants.Add(new VariantForm());
        if (Variants.Count > MostVariants) Variants.RemoveRange(MostVariants, Variants.Count - MostVariants);
        for (var i = 0; i < MostVariants; i++)
            if (string.IsNullOrWhiteSpace(Variants[i].Name)) Variants[i].Name = ((char)('A' + i)).ToString();
        if (string.IsNullOrEmpty(Variants[0].Template)) Variants[0].Template = Template;
    }

    /// Over the plan as it is; see the errors.
    public CampaignPlan Over(CampaignPlan plan, IReadOnlyList<string> said, ModelStateDictionary errors)
    {
        var test = Test ? ReadTest(plan, errors) : null;
        var template = Test ? plan.Template : string.IsNullOrEmpty(Template) ? null : Template;
        var isOther = !Keys(template, test).SequenceEqual(Keys(plan.Template, plan.AbTest));
        // Of a test the campaign's own template is what a variant says that names none.
        if (Test && isOther && test!.Variants.All(variant => variant.Template is not null)) template = null;
        return plan with
        {
            Template = template,
            TemplateVersion = Newest || template != plan.Template || (isOther && !Test) ? null : plan.TemplateVersion,
            AbTest = test,
            Channels = isOther ? [] : ReadChannels(plan, said, errors),
            Data = ReadData(plan, errors),
        };
    }

    private AbTest ReadTest(CampaignPlan plan, ModelStateDictionary errors)
    {
        var chosen = Variants.Where(variant => !string.IsNullOrEmpty(variant.Template)).ToList();
        if (chosen.Count < 2) errors.AddModelError("Form.Test", "Choose at least two templates to compare.");
        if (chosen.Select(variant => variant.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() < chosen.Count) errors.AddModelError("Form.Test", "Give each variant a name of its own.");
        if (SamplePercent is not (>= 1 and <= 100)) errors.AddModelError("Form.SamplePercent", "From 1 to 100.");
        var after = Units.FirstOrDefault(unit => unit.Name == DecideUnit, Units[1]).Time * Math.Clamp(DecideAfter ?? 0, 0, 100_000);
        if (after < TimeSpan.FromMinutes(1) || after > TimeSpan.FromDays(14)) errors.AddModelError("Form.DecideAfter", "From a minute to 14 days.");
        return new AbTest
        {
            Variants = [.. chosen.Select(variant => Over(plan, variant))],
            SamplePercent = SamplePercent ?? 0,
            Metric = Metric == "clicked" ? TestMetric.Clicked : TestMetric.Opened,
            DecideAfter = after,
        };
    }

    /// What was stored of it stays where it says the same: the version that was pinned, and that it names no template but the campaign's.
    private Variant Over(CampaignPlan plan, VariantForm form)
    {
        var name = form.Name!.Trim(); // Tidy gave each a name
        var before = plan.AbTest?.Variants ?? [];
        var old = before.FirstOrDefault(one => one.Name == name) ?? before.ElementAtOrDefault(Variants.IndexOf(form));
        if (old is null || (old.Template ?? plan.Template) != form.Template) return new Variant { Name = name, Template = form.Template };
        return old with { Name = name, TemplateVersion = Newest ? null : old.TemplateVersion };
    }

    private IReadOnlyList<string> ReadChannels(CampaignPlan plan, IReadOnlyList<string> said, ModelStateDictionary errors)
    {
        var chosen = said.Where(Channels.Contains).ToArray();
        if (said.Count > 0 && chosen.Length == 0) errors.AddModelError("Form.Channels", "Choose at least one channel.");
        // Named one by one by a service, and not touched here: they stay as they are.
        if (chosen.SequenceEqual(Chosen(plan, said))) return plan.Channels;
        string[] channels = [.. chosen.SelectMany(family => plan.Channels.Where(name => IsOf(family, name)).DefaultIfEmpty(family))];
        return channels.SequenceEqual(said) ? [] : channels;
    }

    private JsonElement? ReadData(CampaignPlan plan, ModelStateDictionary errors)
    {
        JsonObject data = [];
        if (!string.IsNullOrWhiteSpace(Data))
        {
            try
            {
                if (JsonNode.Parse(Data) is JsonObject read) data = read;
                else errors.AddModelError("Form.Data", "Write a JSON object: {\"name\": \"value\"}.");
            }
            catch (JsonException)
            {
                errors.AddModelError("Form.Data", "This is not JSON.");
            }
        }
        foreach (var value in Values)
            if (!string.IsNullOrWhiteSpace(value.Text)) DataPath.Put(data, value.Name, value.Text.Trim(), plan.Data);
        return data.Count == 0 ? null : JsonSerializer.SerializeToElement(data);
    }

    private static string[] Chosen(CampaignPlan plan, IReadOnlyList<string> said) => plan.Channels.Count == 0 ? [.. said]
        : [.. said.Where(family => plan.Channels.Any(name => IsOf(family, name)))];

    private static bool IsOf(string family, string channel) => ChannelNames.Expand(channel).Any(one => one.Family().Name() == family);

    private static IEnumerable<string?> Keys(string? template, AbTest? test) => test is null ? [template] : test.Variants.Select(variant => variant.Template ?? template);

    private static (int Count, string Unit) Split(TimeSpan time)
    {
        var fitting = Units.Reverse().First(unit => time.Ticks % unit.Time.Ticks == 0 || unit == Units[0]);
        return ((int)Math.Min(time / fitting.Time, int.MaxValue), fitting.Name);
    }
}
