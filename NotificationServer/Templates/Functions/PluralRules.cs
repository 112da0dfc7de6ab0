using System.Collections.Frozen;

namespace NotificationServer.Templates.Functions;

/// Which form of a noun goes with a number: the cardinal rules of Unicode CLDR (unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules,
/// data common/supplemental/plurals.xml), for the languages that messages are mostly sent in. Languages that are not here count as English does.
internal static class PluralRules
{
    /// The number as CLDR's rules take it: n the value, i its whole part, f its decimals as a number (without zeros at the end, as
    /// the number is printed), v how many there are.
    private readonly record struct Operands(decimal N, decimal I, int V, decimal F)
    {
        public bool Whole => V == 0;
        public int I10 => (int)(I % 10);
        public int I100 => (int)(I % 100);
        public int F10 => (int)(F % 10);
        public int F100 => (int)(F % 100);
    }

    private static readonly FrozenDictionary<string, Func<Operands, string>> Rules = Table();

    /// Culture: by its language; `pt-PT` differs from `pt`.
    public static string Category(string culture, decimal number)
    {
        var n = Math.Abs(Numbers.Shortest(number));
        var whole = decimal.Truncate(n);
        var operands = new Operands(n, whole, n.Scale, (n - whole) * Power(n.Scale));
        var dash = culture.IndexOf('-', StringComparison.Ordinal);
        var language = culture == "pt-PT" || dash < 0 ? culture : culture[..dash];
        return Rules.TryGetValue(language, out var rule) ? rule(operands) : One(operands);
    }

    private static string Other(Operands o) => "other";

    private static string One(Operands o) => o is { I: 1, V: 0 } ? "one" : "other";

    private static string OneByValue(Operands o) => o.N == 1 ? "one" : "other";

    private static string ZeroOrOne(Operands o) => o.I == 0 || o.N == 1 ? "one" : "other";

    private static string Romance(Operands o, bool one) => one ? "one" : o is { Whole: true, I: not 0 } && o.I % 1_000_000 == 0 ? "many" : "other";

    private static string EastSlavic(Operands o) => o switch
    {
        { Whole: false } => "other",
        { I10: 1, I100: not 11 } => "one",
        { I10: >= 2 and <= 4, I100: not (>= 12 and <= 14) } => "few",
        _ => "many",
    };

    private static string Polish(Operands o) => o switch
    {
        { Whole: false } => "other",
        { I: 1 } => "one",
        { I10: >= 2 and <= 4, I100: not (>= 12 and <= 14) } => "few",
        _ => "many",
    };

    private static string Czech(Operands o) => o switch
    {
        { Whole: false } => "many",
        { I: 1 } => "one",
        { I: >= 2 and <= 4 } => "few",
        _ => "other",
    };

    private static string SouthSlavic(Operands o) => o switch
    {
        { Whole: true, I10: 1, I100: not 11 } or { Whole: false, F10: 1, F100: not 11 } => "one",
        { Whole: true, I10: >= 2 and <= 4, I100: not (>= 12 and <= 14) } or { Whole: false, F10: >= 2 and <= 4, F100: not (>= 12 and <= 14) } => "few",
        _ => "other",
    };

    private static string Macedonian(Operands o) => o is { Whole: true, I10: 1, I100: not 11 } or { Whole: false, F10: 1, F100: not 11 } ? "one" : "other";

    private static string Slovenian(Operands o) => o switch
    {
        { Whole: false } => "few",
        { I100: 1 } => "one",
        { I100: 2 } => "two",
        { I100: 3 or 4 } => "few",
        _ => "other",
    };

    private static string Lithuanian(Operands o) => o switch
    {
        { Whole: false } => "many",
        { I100: >= 11 and <= 19 } or { I10: 0 } => "other",
        { I10: 1 } => "one",
        _ => "few",
    };

    private static string Latvian(Operands o) => o switch
    {
        { Whole: true, I10: 0 } or { Whole: true, I100: >= 11 and <= 19 } or { V: 2, F100: >= 11 and <= 19 } => "zero",
        { Whole: true, I10: 1 } or { V: 2, F10: 1 } or { V: 1 or 3, F10: 1 } => "one",
        _ => "other",
    };

    private static string Romanian(Operands o) => o switch
    {
        { I: 1, V: 0 } => "one",
        { Whole: false } or { I: 0 } or { I100: >= 2 and <= 19 } => "few",
        _ => "other",
    };

    private static string Hebrew(Operands o) => o switch { { I: 1, V: 0 } or { I: 0, V: > 0 } => "one", { I: 2, V: 0 } => "two", _ => "other" };

    private static string Arabic(Operands o) => o switch
    {
        { Whole: false } => "other",
        { I: 0 } => "zero",
        { I: 1 } => "one",
        { I: 2 } => "two",
        { I100: >= 3 and <= 10 } => "few",
        { I100: >= 11 } => "many",
        _ => "other",
    };

    private static string Irish(Operands o) => o.N switch { 1 => "one", 2 => "two", 3 or 4 or 5 or 6 => "few", 7 or 8 or 9 or 10 => "many", _ => "other" };

    private static string Welsh(Operands o) => o.N switch { 0 => "zero", 1 => "one", 2 => "two", 3 => "few", 6 => "many", _ => "other" };

    private static string Maltese(Operands o) => o switch
    {
        { Whole: false } => "other",
        { I: 1 } => "one",
        { I: 2 } => "two",
        { I: 0 } or { I100: >= 3 and <= 10 } => "few",
        { I100: >= 11 and <= 19 } => "many",
        _ => "other",
    };

    private static string Icelandic(Operands o) => o is { Whole: true, I10: 1, I100: not 11 } or { Whole: false, F10: 1, F100: not 11 } ? "one" : "other";

    private static string Danish(Operands o) => o.N == 1 || o is { Whole: false, I: 0 or 1 } ? "one" : "other";

    private static string Filipino(Operands o) => (o.Whole ? o is { I: 1 or 2 or 3 } or { I10: not (4 or 6 or 9) } : o is { F10: not (4 or 6 or 9) }) ? "one" : "other";

    private static decimal Power(int scale) => scale switch { 0 => 1, 1 => 10, 2 => 100, _ => 1000 };

    private static FrozenDictionary<string, Func<Operands, string>> Table()
    {
        var rules = new Dictionary<string, Func<Operands, string>>
        {
            ["fr"] = o => Romance(o, o.I is 0 or 1),
            ["pt"] = o => Romance(o, o.I is 0 or 1),
            ["pt-PT"] = o => Romance(o, o is { I: 1, V: 0 }),
            ["it"] = o => Romance(o, o is { I: 1, V: 0 }),
            ["ca"] = o => Romance(o, o is { I: 1, V: 0 }),
            ["es"] = o => Romance(o, o.N == 1),
            ["hy"] = o => o.I is 0 or 1 ? "one" : "other",
            ["pa"] = o => o.N is 0 or 1 ? "one" : "other",
            ["si"] = o => o.N is 0 or 1 || o is { I: 0, F: 1 } ? "one" : "other",
        };
        Add(Other, "id ja km ko lo ms my th vi yue zh");
        Add(One, "de en et fi fy gl nl sv sw ur yi");
        Add(OneByValue, "af az bg ckb el eo eu fo ha hu ka kk ku ky lb ml mn mr nb ne nn no ps rm so sq ta te tk tr ug uz xh");
        Add(ZeroOrOne, "am as bn fa gu hi kn zu");
        Add(EastSlavic, "be ru uk");
        Add(Polish, "pl");
        Add(Czech, "cs sk");
        Add(SouthSlavic, "bs hr sr");
        Add(Macedonian, "mk");
        Add(Slovenian, "sl");
        Add(Lithuanian, "lt");
        Add(Latvian, "lv");
        Add(Romanian, "ro");
        Add(Hebrew, "he iw");
        Add(Arabic, "ar");
        Add(Irish, "ga");
        Add(Welsh, "cy");
        Add(Maltese, "mt");
        Add(Icelandic, "is");
        Add(Danish, "da");
        Add(Filipino, "fil tl");
        return rules.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(Func<Operands, string> rule, string languages)
        {
            foreach (var language in languages.Split(' ')) rules.Add(language, rule);
        }
    }
}
