using System.Text.Json;

namespace NotificationServer.Tests.Templates;

/// Texts that were made to break a template engine, each under the name of what it tries. Partials are known to every one of them.
internal static class HostileTemplates
{
    private static readonly (string Open, string Close)[] Blocks = [("{{#if a}}", "{{/if}}"), ("{{#unless no}}", "{{/unless}}"), ("{{#each l}}", "{{/each}}"), ("{{#with o}}", "{{/with}}"), ("{{#equals a 1}}", "{{/equals}}")];

    private static readonly string[] Reached =
    [
        "o.GetType", "o.GetType.Assembly.Location", "o.Count", "o.Budget", "l.Capacity", "s.Length", "n.MaxValue", "__proto__.polluted", "constructor.constructor", "o.__defineGetter__", "o.ToString",
        "GetHashCode", "o.Keys.GetEnumerator", "@root.Budget.Speech.Culture", "this.GetType.Module", "o.Comparer.GetType", "l.0.GetType.BaseType", "a.Equals", "@root.GetType", "l.SyncRoot",
    ];

    public static Dictionary<string, string> Partials { get; } = new()
    {
        ["self"] = "{{> self}}", ["ping"] = "{{> pong}}", ["pong"] = "{{> ping}}", ["lay"] = "{{#> lay}}{{> @partial-block}}{{/lay}}", ["block"] = "{{> @partial-block}}{{> @partial-block}}",
        ["d0"] = new string('x', 4_000), ["d1"] = Times(30, "{{> d0}}"), ["d2"] = Times(30, "{{> d1}}"), ["d3"] = Times(30, "{{> d2}}"),
        ["loops"] = "{{#each l}}{{> inner}}{{/each}}", ["inner"] = "{{#each @root.l}}{{#each @root.l}}x{{/each}}{{/each}}", ["open"] = "{{#if a}}", ["close"] = "{{/if}}", ["tags"] = Times(600, "{{a}}"),
    };

    /// Long, wide and deep enough to hurt whoever goes through it more than once.
    public static string Data { get; } = JsonSerializer.Serialize(new
    {
        a = 1, no = false, s = new string('s', 20_000), n = 1e300, z = "e" + new string('\u0301', 20_000), bad = "%n%s{0}{0:N2147483647}", blank = new string(' ', 20_000), big = "79228162514264337593543950335",
        l = Enumerable.Range(0, 300).ToArray(), o = Enumerable.Range(0, 300).ToDictionary(i => $"k{i}", i => i), date = "9999-12-31T23:59:59Z", u = "javascript:alert(1)", words = Enumerable.Repeat(new string('w', 60), 300).ToArray(),
    });

    public static IEnumerable<(string Name, string Text)> All() =>
    [
        .. Blocks.SelectMany(b => new[] { 33, 6_000 }.Select(depth => ($"{depth} x {b.Open}", Times(depth, b.Open) + Times(depth, b.Close)))),
        .. Blocks.Select(b => ($"many {b.Open}", Times(50, b.Open + "x" + b.Close))),
        .. Blocks.Select(b => ($"never closed {b.Open}", Times(6_000, b.Open))),
        .. Blocks.Select(b => ($"never opened {b.Close}", Times(6_000, b.Close))),
        .. Reached.Select(path => ($"reach {path}", $$$"""{{#if a}}{{{{{path}}}}}{{#each {{{path}}}}}{{this}}{{/each}}{{#with {{{path}}}}}{{this}}{{/with}}{{upper {{{path}}}}}{{/if}}""")),
        ("loop in loop in loop", "{{#each l}}{{#each @root.l}}{{#each @root.l}}x{{/each}}{{/each}}{{/each}}"),
        ("silent loops", "{{#each l}}{{#each @root.l}}{{#each @root.l}}{{/each}}{{/each}}{{/each}}"),
        ("loops over a map", "{{#each o}}{{#each @root.o}}{{#each @root.o}}{{@key}}{{/each}}{{/each}}{{/each}}"),
        ("loops that compare", "{{#each l}}{{#each @root.l}}{{#each @root.l}}{{#if (eq @root.s \"x\")}}x{{/if}}{{/each}}{{/each}}{{/each}}"),
        ("loops that shout", "{{#each l}}{{#each @root.l}}{{#if (eq (upper @root.s) \"x\")}}x{{/if}}{{/each}}{{/each}}"),
        ("loops that count letters", "{{#each l}}{{#each @root.l}}{{#if (eq (truncate @root.z 9999) \"x\")}}x{{/if}}{{/each}}{{/each}}"),
        ("loops that format", "{{#each l}}{{#each @root.l}}{{currency this \"CHF\"}}{{/each}}{{/each}}"),
        ("huge output of words", Times(900, "{{s}}")),
        ("huge output of helpers", Times(900, "{{upper s}}")),
        ("huge output of list", "{{#each words}}{{#each @root.words}}{{this}}{{/each}}{{/each}}"),
        ("huge output of plurals", $$$"""{{#each l}}{{plural this other="{{{new string('#', 900)}}}"}}{{/each}}"""),
        ("plural bomb", $$$"""{{plural a other="{{{new string('#', 90_000)}}}"}}"""),
        ("plural of the largest", "{{plural big other=\"#\"}}{{plural n other=\"#\"}}"),
        ("plural without end", "{{plural a " + Times(3_000, "one=\"x\" ") + "}}"),
        ("200,000 tags", Times(200_000, "{{a}}")),
        ("1,001 tags", Times(1_001, "{{a}}")),
        ("1,000 tags", Times(1_000, "{{a}}")),
        ("1,000 calls", Times(1_000, "{{upper a}}")),
        ("one tag of 100 KB", "{{" + new string('a', 100_000) + "}}"),
        ("one tag of 10 MB", "{{" + new string('a', 10_000_000) + "}}"),
        ("10 MB of words", new string('x', 10_000_000)),
        ("a path without end", "{{" + Times(20_000, "a.") + "a}}"),
        ("parents without end", "{{#if a}}{{" + Times(20_000, "../") + "a}}{{/if}}"),
        ("parents", "{{#if a}}{{" + Times(60, "../") + "a}}{{/if}}"),
        ("millions of blanks", "{{" + new string(' ', 2_000_000) + "a}}"),
        ("blanks in a tag", "{{#if" + new string(' ', 90_000) + "a}}x{{/if}}"),
        ("blanks between words", "{{upper " + new string(' ', 90_000) + "a}}"),
        ("blanks in the data", "{{truncate blank 10}}{{default blank \"x\"}}{{number blank}}"),
        ("trims", Times(500, "{{~a~}}" + new string(' ', 100))),
        ("parentheses", "{{#if " + Times(20_000, "(not ") + "a" + Times(20_000, ")") + "}}x{{/if}}"),
        ("nine parentheses", "{{#if " + Times(9, "(not ") + "a" + Times(9, ")") + "}}x{{/if}}"),
        ("eight parentheses", "{{#if " + Times(8, "(not ") + "a" + Times(8, ")") + "}}x{{/if}}"),
        ("open parentheses", "{{#if " + Times(20_000, "(") + "}}x{{/if}}"),
        ("arguments without end", "{{#if (and" + Times(20_000, " a") + ")}}x{{/if}}"),
        ("else without end", "{{#if no}}" + Times(900, "{{else if no}}") + "{{else}}x{{/if}}"),
        ("else if that compares", "{{#if no}}" + Times(450, "{{else if (eq a 2)}}") + "{{else}}x{{/if}}"),
        ("else twice", "{{#if a}}{{else}}{{else}}{{/if}}"),
        ("quotes", "{{upper " + Times(30_000, "\"\" ") + "}}"),
        ("an open quote", "{{upper \"" + new string('x', 90_000) + "}}"),
        ("comment bomb", Times(900, "{{!-- }} --}}")),
        ("an open comment", "{{!--" + Times(20_000, "--") ),
        ("dashes", "{{!--" + new string('-', 90_000) + "}}"),
        ("braces", new string('{', 90_000)),
        ("closing braces", "{{a" + new string('}', 90_000)),
        ("raw", "{{{s}}}"), ("raw by and", "{{&s}}"), ("four braces", "{{{{raw}}}}{{{{/raw}}}}"),
        ("partial: self", "{{> self}}"), ("partial: ping", "{{> ping}}"), ("partial: layout in itself", "{{#> lay}}x{{/lay}}"), ("partial: doubling", "{{> d3}}"), ("partial: many", Times(900, "{{> d0}}")),
        ("partial: loops", "{{> loops}}"), ("partial: unbalanced", Times(40, "{{> open}}") + Times(40, "{{> close}}")), ("partial: tags", "{{> tags}}{{> tags}}"), ("partial: unknown", "{{> nothing}}"), ("partial: path", "{{> ../../etc/passwd}}"),
        ("partial: dynamic", "{{> (lookup o \"k\")}}"), ("partial: inline", "{{#*inline \"x\"}}{{> x}}{{/inline}}{{> x}}"), ("partial: blocks in blocks", Times(9, "{{#> block}}") + new string('x', 500) + Times(9, "{{/block}}")), ("partial: open", Times(5_000, "{{#> block}}")),
        ("decorator", "{{*decorate}}"), ("block parameters", "{{#each l as |x|}}{{x}}{{/each}}"), ("lookup", "{{lookup o \"GetType\"}}"), ("log", "{{log s}}"), ("our own call", "{{$call 0 @root}}"), ("our own call, bracketed", "{{[$call] 99 @root}}"),
        ("truncate 2^31", "{{truncate s 2147483648}}"), ("truncate -1", "{{truncate s -1}}"), ("truncate 2^63", "{{truncate s 9223372036854775808}}"), ("decimals 2^31", "{{number a decimals=2147483647}}"), ("number of 1e300", "{{number n}}{{percent n}}{{currency n \"CHF\"}}"),
        ("the largest number", "{{number big decimals=10}}"), ("percent of the largest", "{{percent big}}"), ("format string", "{{date date \"" + new string('y', 60) + "\"}}"), ("format string of the platform", "{{date date \"R\"}}"), ("format with %", "{{date date \"%%%%%\"}}"), ("format bomb", "{{date date \"" + Times(20, "MMMM ") + "\"}}"),
        ("format in the data", "{{bad}}{{upper bad}}"), ("the last day", "{{date date \"full\" zone=\"Pacific/Kiritimati\"}}"), ("zone as a path", "{{date date \"full\" zone=\"../../etc/passwd\"}}"), ("zone by a variable", "{{date date \"full\" zone=s}}"), ("combining marks", "{{truncate z 5}}{{upper z}}"),
        ("catastrophic name", "{{" + new string('a', 199) + "!}}"), ("catastrophic path", "{{" + Times(60, "a-_") + "..}}"), ("catastrophic pattern", "{{#if (eq " + Times(40, "a.a.") + "a! \"x\")}}x{{/if}}"),
        ("zero width", "{{a\u200bb}}"), ("right to left", "{{\u202ea}}"), ("full width braces", "｛｛a｝｝"), ("null", "{{a\0b}}\0"), ("half a pair", "\ud800{{a}}\udc00"), ("byte order marks", Times(1_000, "\ufeff") + "{{a}}"), ("line separators", "{{#if\u2028a}}x{{/if}}"), ("cyrillic a", "{{#if а}}x{{/if}}"),
        ("names of the language", "{{if}}{{else}}"), ("names of members", "{{Equals}}{{upper GetType}}{{default ToString GetHashCode}}"), ("names of helpers", "{{#if date}}{{date}}{{/if}}{{#each upper}}{{lower}}{{/each}}"), ("case", "{{#IF a}}x{{/IF}}{{Upper a}}"),
        ("razor", "@System.IO.File.ReadAllText(\"/etc/passwd\")"), ("javascript", "{{constructor.constructor(\"return process\")()}}"), ("attributes without end", "<p " + Times(9_000, "title=\"a\" ") + ">"), ("elements without end", Times(15_000, "<b>")), ("a style without end", "<p style=\"" + Times(9_000, "color:red;") + "\">{{a}}</p>"), ("a comment without end", "<!--" + Times(45_000, "- ")), ("angle brackets", new string('<', 90_000)),
        ("header", "{{a}}\r\nBcc: all@x.test\r\n\r\n{{bad}}"), ("a link of loops", "<a href=\"{{#each l}}{{#each @root.l}}{{#each @root.l}}x{{/each}}{{/each}}{{/each}}\">x</a>"), ("a link that runs", "<a href=\"{{u}}\">{{u}}</a>"),
    ];

    private static string Times(int count, string text) => string.Concat(Enumerable.Repeat(text, count));
}
