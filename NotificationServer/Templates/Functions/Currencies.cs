using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace NotificationServer.Templates.Functions;

/// `{{currency total "CHF"}}`: with the decimals that the currency has (ISO 4217), where the reader's language puts sign and separators.
internal static class Currencies
{
    private static readonly FrozenSet<string> Codes = """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC
        CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD
        JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
        NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
        SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> Decimals = new Dictionary<string, int>
    {
        ["BIF"] = 0, ["CLP"] = 0, ["DJF"] = 0, ["GNF"] = 0, ["ISK"] = 0, ["JPY"] = 0, ["KMF"] = 0, ["KRW"] = 0, ["PYG"] = 0, ["RWF"] = 0,
        ["UGX"] = 0, ["UYI"] = 0, ["VND"] = 0, ["VUV"] = 0, ["XAF"] = 0, ["XOF"] = 0, ["XPF"] = 0,
        ["BHD"] = 3, ["IQD"] = 3, ["JOD"] = 3, ["KWD"] = 3, ["LYD"] = 3, ["OMR"] = 3, ["TND"] = 3, ["CLF"] = 4,
    }.ToFrozenDictionary();

    // Signs that mean one currency to nearly everybody. Others are said by their code, except at home.
    private static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>
    {
        ["EUR"] = "€", ["GBP"] = "£", ["USD"] = "$", ["JPY"] = "¥", ["INR"] = "₹", ["KRW"] = "₩", ["ILS"] = "₪", ["UAH"] = "₴", ["VND"] = "₫",
    }.ToFrozenDictionary();

    // Cultures times currencies: as many as are in use, and no more than these.
    private const int MostKept = 2_000;
    private static readonly ConcurrentDictionary<(CultureInfo Culture, string Code), NumberFormatInfo> Formats = new();

    public static Evaluation? Prepare(CallParts parts)
    {
        if (parts.Literal(1) is { } literal && (literal is not string known || !Codes.Contains(known))) return parts.Refuse("the currency is its code of three letters, as in \"CHF\"");
        var (given, code, subject) = (parts[0], parts[1], parts.Subject);
        return (in values, speech) =>
        {
            var number = Values.NumberOr(given(values, speech), subject);
            var currency = code(values, speech) as string;
            return currency is not null && Codes.Contains(currency)
                ? number.ToString("C", FormatOf(speech.Culture, currency))
                : throw new RenderStopped($"was given a currency for {subject} that is none: write its code of three letters");
        };
    }

    private static NumberFormatInfo FormatOf(CultureInfo culture, string code)
    {
        if (Formats.TryGetValue((culture, code), out var known)) return known;
        if (Formats.Count >= MostKept) Formats.Clear();
        var format = (NumberFormatInfo)culture.NumberFormat.Clone();
        format.CurrencyDecimalDigits = Decimals.GetValueOrDefault(code, 2);
        format.CurrencySymbol = SymbolOf(culture, code);
        // A code of letters never touches the number, whatever the language does with a sign.
        if (char.IsLetter(format.CurrencySymbol[^1]) && format.CurrencyPositivePattern == 0)
            (format.CurrencyPositivePattern, format.CurrencyNegativePattern) = (2, 12);
        if (char.IsLetter(format.CurrencySymbol[0]) && format.CurrencyPositivePattern == 1)
            (format.CurrencyPositivePattern, format.CurrencyNegativePattern) = (3, 8);
        return Formats.GetOrAdd((culture, code), format);
    }

    private static string SymbolOf(CultureInfo culture, string code)
    {
        var home = RegionOf(culture);
        if (home?.ISOCurrencySymbol == code) return home.CurrencySymbol;
        var sign = Signs.GetValueOrDefault(code, code);
        // A dollar in Canada, a yen in China: the sign there means theirs.
        return home is not null && sign.Length == 1 && home.CurrencySymbol.EndsWith(sign, StringComparison.Ordinal) ? code : sign;
    }

    private static RegionInfo? RegionOf(CultureInfo culture)
    {
        if (culture.Equals(CultureInfo.InvariantCulture)) return null;
        try
        {
            return new RegionInfo(CultureInfo.CreateSpecificCulture(culture.Name).Name);
        }
        catch (ArgumentException)
        {
            return null; // a language without a country, as Esperanto
        }
    }
}
