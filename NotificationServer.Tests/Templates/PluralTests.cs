using System.Globalization;
using NotificationServer.Templates.Functions;

namespace NotificationServer.Tests.Templates;

/// The samples that Unicode CLDR gives for each language (common/supplemental/plurals.xml).
public sealed class PluralTests
{
    [Theory]
    [InlineData("en de nl sv it-IT et fi", "one", "1")]
    [InlineData("en de nl sv", "other", "0 2 16 100 1.5 0.1")]
    [InlineData("fr", "one", "0 1 1.5 0.5")]
    [InlineData("fr es it pt", "many", "1000000 2000000")]
    [InlineData("fr", "other", "2 17 100 2.5")]
    [InlineData("pt pt-BR", "one", "0 1 1.5")]
    [InlineData("pt-PT it ca", "other", "0 2 1.5")]
    [InlineData("es tr hu el bg nb", "one", "1")]
    [InlineData("es tr hu el bg nb", "other", "0 2 1.5 100")]
    [InlineData("pl", "few", "2 3 4 22 24 102")]
    [InlineData("pl", "many", "0 5 11 12 14 19 21 25 100 1000")]
    [InlineData("pl ru uk", "other", "1.5 0.1")]
    [InlineData("ru uk be", "one", "1 21 31 101 1001")]
    [InlineData("ru uk be", "few", "2 3 4 22 24 102")]
    [InlineData("ru uk be", "many", "0 5 11 12 14 19 100 111")]
    [InlineData("cs sk", "one", "1")]
    [InlineData("cs sk", "few", "2 3 4")]
    [InlineData("cs sk", "many", "0.5 1.5 10.1")]
    [InlineData("cs sk", "other", "0 5 11 22 100")]
    [InlineData("hr sr bs", "one", "1 21 101 0.1 1.1")]
    [InlineData("hr sr bs", "few", "2 4 22 0.2 1.3")]
    [InlineData("hr sr bs", "other", "0 5 11 19 100 0.5")]
    [InlineData("sl", "one", "1 101 201")]
    [InlineData("sl", "two", "2 102")]
    [InlineData("sl", "few", "3 4 103 1.5")]
    [InlineData("sl", "other", "0 5 19 100")]
    [InlineData("lt", "one", "1 21 101")]
    [InlineData("lt", "few", "2 9 22 102")]
    [InlineData("lt", "many", "0.1 1.5")]
    [InlineData("lt", "other", "0 10 11 20 100")]
    [InlineData("lv", "zero", "0 10 11 19 20 100")]
    [InlineData("lv", "one", "1 21 101 0.1 1.1")]
    [InlineData("lv", "other", "2 9 22 0.2")]
    [InlineData("ro", "one", "1")]
    [InlineData("ro", "few", "0 2 19 102 1.5")]
    [InlineData("ro", "other", "20 35 100")]
    [InlineData("ar", "zero", "0")]
    [InlineData("ar", "one", "1")]
    [InlineData("ar", "two", "2")]
    [InlineData("ar", "few", "3 10 103")]
    [InlineData("ar", "many", "11 26 99 111")]
    [InlineData("ar", "other", "100 102 200 1.5")]
    [InlineData("he", "one", "1")]
    [InlineData("he", "two", "2")]
    [InlineData("he", "other", "0 3 17 20 100 1.5")]
    [InlineData("ja zh zh-Hant-TW ko vi th id ms", "other", "0 1 2 5 1.5")]
    [InlineData("hi fa bn", "one", "0 1 0.5")]
    [InlineData("hi fa bn", "other", "2 1.5")]
    [InlineData("da", "one", "1 0.1 1.6")]
    [InlineData("da", "other", "0 2 2.5")]
    [InlineData("is", "one", "1 21 101 0.1 1.1")]
    [InlineData("is", "other", "0 2 11 111")]
    [InlineData("ga", "two", "2")]
    [InlineData("ga", "few", "3 6")]
    [InlineData("ga", "many", "7 10")]
    [InlineData("cy", "zero", "0")]
    [InlineData("cy", "many", "6")]
    [InlineData("mt", "few", "0 3 10 103")]
    [InlineData("mt", "many", "11 19 111")]
    [InlineData("fil", "one", "0 1 3 5 7 10")]
    [InlineData("fil", "other", "4 6 9 14")]
    [InlineData("mk", "one", "1 21 0.1")]
    [InlineData("xx eo", "one", "1")]
    public void A_number_has_the_form_that_its_language_gives_it(string languages, string category, string numbers)
    {
        foreach (var language in languages.Split(' '))
            foreach (var number in numbers.Split(' '))
                Assert.Equal((language, number, category), (language, number, PluralRules.Category(language, decimal.Parse(number, CultureInfo.InvariantCulture))));
    }
}
