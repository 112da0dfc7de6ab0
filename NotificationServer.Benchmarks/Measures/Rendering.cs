using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HandlebarsDotNet;
using NotificationServer.Benchmarks.Parts;
using NotificationServer.Templates;

namespace NotificationServer.Benchmarks.Measures;

/// An order mail of 20 KB of HTML (fifty order lines, prices, dates, conditions, a footer as a partial) from the request's JSON to the
/// finished text, on one thread; and the same template with the same values in the bare library: no limits, no checks of links, and
/// values that are .NET objects already.
internal sealed class Rendering : IMeasure
{
    private const int Lines = 50;
    private static readonly CultureInfo Reader = CultureInfo.GetCultureInfo("de-CH");
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<string, string> Partials = new()
    {
        ["footer"] = "<tr><td style=\"color:{{colour}}\">{{shop}}, {{date now \"datetime\"}} <a href=\"{{unsubscribe_url}}\">Unsubscribe</a></td></tr>",
    };

    public string Name => "templates";

    public Task RunAsync(Rig rig, Report report, CancellationToken ct)
    {
        var (source, json) = (Mail(), Data());
        var errors = new List<TemplateError>();
        var ours = CompiledText.From(source, TextRule.MailHtml, "", Partials, errors) ?? throw new InvalidOperationException(errors[0].Message);
        var speech = Speech.Of(Reader.Name, "Europe/Zurich");
        using var document = JsonDocument.Parse(json);
        var values = document.RootElement.Clone();
        var raw = Bare(Partials["footer"], source);
        var objects = (Dictionary<string, object?>)ToObjects(values)!;

        var rendered = Render(ours, values, speech);
        if (rendered.Length is < 18_000 or > 24_000) throw new InvalidOperationException($"The mail has {rendered.Length} characters, not 20 KB");
        // Blanks and signs of formatted values may differ; the work must not.
        if (Math.Abs(rendered.Length - raw(objects).Length) > 200) throw new InvalidOperationException("The two engines say different things");

        // Turn by turn, so that a busy moment of the machine meets both.
        var (mine, bare) = (new Tally(() => Render(ours, values, speech).Length), new Tally(() => raw(objects).Length));
        foreach (var tally in (Tally[])[mine, bare]) tally.Run(Warmup);
        (mine, bare) = (mine.Anew(), bare.Anew());
        for (var turn = 0; turn < 10 && !ct.IsCancellationRequested; turn++)
            foreach (var tally in (Tally[])[mine, bare]) tally.Run(TimeSpan.FromMilliseconds(rig.Size(1_000)));

        report.Add(Metrics.TemplateRenders, mine.PerSecond, "renders/s");
        report.Add(Metrics.TemplateRaw, bare.PerSecond, "renders/s");
        report.Add(Metrics.TemplateRatio, mine.PerSecond / bare.PerSecond, "of bare");
        report.Add(Metrics.TemplateAllocated, mine.Kilobytes, "KB");
        report.Add(Metrics.TemplateRawAllocated, bare.Kilobytes, "KB");
        return Task.CompletedTask;
    }

    private static string Render(CompiledText text, JsonElement values, Speech speech)
    {
        var budget = new RenderBudget(TimeProvider.System, TimeSpan.FromMilliseconds(200), 250_000);
        return text.Render(PlainValues.Copy(values, budget), budget, speech, out var problem) ?? throw new InvalidOperationException(problem);
    }

    private static HandlebarsTemplate<object, object> Bare(string footer, string source)
    {
        var bare = Handlebars.Create(new HandlebarsConfiguration { FormatProvider = CultureInfo.InvariantCulture });
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");
        var francs = (NumberFormatInfo)Reader.NumberFormat.Clone();
        francs.CurrencySymbol = "CHF";
        bare.RegisterHelper("currency", (output, _, arguments) => output.Write(Convert.ToDecimal(arguments[0], CultureInfo.InvariantCulture).ToString("C", francs)));
        bare.RegisterHelper("date", (output, _, arguments) =>
        {
            var time = TimeZoneInfo.ConvertTime(DateTimeOffset.Parse(arguments[0]?.ToString() ?? "", CultureInfo.InvariantCulture), zone);
            output.Write(arguments[1] is "long" ? time.ToString("d. MMMM yyyy", Reader) : $"{time.ToString("dd.MM.yyyy", Reader)}, {time.ToString("t", Reader)}");
        });
        bare.RegisterHelper("plural", (output, _, arguments) => output.Write($"{arguments[0]} Artikel"));
        bare.RegisterHelper("gt", (_, arguments) => Convert.ToDecimal(arguments[0], CultureInfo.InvariantCulture) > Convert.ToDecimal(arguments[1], CultureInfo.InvariantCulture));
        bare.RegisterTemplate("footer", footer);
        return bare.Compile(source);
    }

    private static string Mail()
    {
        var mail = new StringBuilder("<!doctype html><html><body bgcolor=\"#ffffff\"><table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\">");
        mail.Append("<tr><td>Dear {{customer.name}}, your order {{order.number}} of {{date order.placed \"long\"}} with {{plural order.count one=\"# Artikel\" other=\"# Artikel\"}} is on its way.</td></tr>");
        mail.Append("{{#if order.gift}}<tr><td>It is wrapped as a gift.</td></tr>{{else}}<tr><td>Paid by {{order.payment}}.</td></tr>{{/if}}");
        mail.Append("{{#each order.lines}}<tr style=\"border-bottom:1px solid #dddddd\"><td width=\"80\" style=\"padding:8px;font-family:Arial,sans-serif;font-size:14px;line-height:20px\"><img src=\"{{image}}\" alt=\"{{title}}\" width=\"64\" height=\"64\" style=\"display:block\"></td>");
        mail.Append("<td style=\"padding:8px;font-family:Arial,sans-serif\"><b>{{title}}</b>{{#if note}}<br>{{note}}{{/if}}{{#if (gt quantity 1)}} x {{quantity}}{{/if}}</td><td align=\"right\">{{currency price \"CHF\"}}</td></tr>{{/each}}");
        return mail.Append("<tr><td><b>{{currency order.total \"CHF\"}}</b></td></tr>{{> footer}}</table></body></html>").ToString();
    }

    private static string Data() => JsonSerializer.Serialize(new
    {
        shop = "Tea & Cups", now = "2026-03-29T10:00:00Z", unsubscribe_url = "https://news.example.org/u/0123456789abcdef", colour = "#666666", customer = new { name = "Ann O'Neill" },
        order = new
        {
            number = "2026-000123", placed = "2026-03-28T22:30:00Z", count = Lines, gift = false, payment = "invoice", total = 1234.5m,
            lines = Enumerable.Range(0, Lines).Select(n => new { title = $"Green tea No. {n}", note = n % 3 == 0 ? "Picked in May" : "", quantity = 1 + n % 4, price = 9.9m + n, image = $"https://img.example.org/tea/{n:000000}.png" }),
        },
    });

    private static object? ToObjects(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(p => p.Name, p => ToObjects(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().Select(ToObjects).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDecimal(),
        _ => value.ValueKind == JsonValueKind.True,
    };

    private sealed class Tally(Func<int> render)
    {
        private long renders;
        private long bytes;
        private TimeSpan took;

        public double PerSecond => renders / took.TotalSeconds;

        public double Kilobytes => bytes / 1024.0 / renders;

        public Tally Anew() => new(render);

        public void Run(TimeSpan time)
        {
            var (started, allocated) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            do
            {
                render();
                renders++;
            }
            while (Stopwatch.GetElapsedTime(started) < time);
            took += Stopwatch.GetElapsedTime(started);
            bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
    }
}
