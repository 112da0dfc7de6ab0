using System.Text.Json.Nodes;
using NotificationServer.Recipients.Consents;

namespace NotificationServer.Tests.Recipients.Consents;

public sealed class SmsWordTests
{
    private static readonly JsonNode Vector = Channels.Vector.Read("sms-keywords");

    public static IEnumerable<object[]> Cases() => Vector["cases"]!.AsArray().Select(row => new object[] { row![0]!.GetValue<string>(), row[1]!.GetValue<string>() });

    public static IEnumerable<object[]> Words() =>
        Vector["optOut"]!.AsObject().SelectMany(list => list.Value!.AsArray()).Select(word => (word!.GetValue<string>(), "opt_out"))
            .Concat(Vector["optIn"]!.AsArray().Select(word => (word!.GetValue<string>(), "opt_in")))
            .Concat(Vector["help"]!.AsArray().Select(word => (word!.GetValue<string>(), "help")))
            .Distinct().Select(word => new object[] { word.Item1, word.Item2 });

    [Theory, MemberData(nameof(Cases))]
    public void The_cases_of_the_vector(string text, string intent) => Assert.Equal(intent, SmsWord.Read(text).Name());

    [Theory, MemberData(nameof(Words))]
    public void Each_word_of_the_vector_in_any_case_and_with_blanks_and_punctuation_around_it(string word, string intent)
    {
        foreach (var text in new[] { word, word.ToLowerInvariant(), $"  {word}!\n", $"\"{word}\".", $"\u200b{word} " })
            Assert.Equal(intent, SmsWord.Read(text).Name());
    }

    [Theory]
    [InlineData("Stopp", "opt_out")]
    [InlineData("수신거부", "opt_out")]
    [InlineData("ＳＴＯＰ", "opt_out")]
    [InlineData("Please take me off your list", "review")]
    [InlineData("don’t text me again", "review")]
    [InlineData("Bitte keine SMS mehr", "review")]
    [InlineData("이제 문자 그만 보내세요", "review")]
    [InlineData("Thanks, see you at the restaurant", "none")]
    [InlineData("I enjoyed the nonstop flight", "none")]
    [InlineData("\ud800 STOP", "opt_out")]
    public void Any_reasonable_wording_is_heard(string text, string intent) => Assert.Equal(intent, SmsWord.Read(text).Name());

    [Fact]
    public void A_very_long_answer_is_read_quickly() => Assert.Equal(SmsIntent.None, SmsWord.Read(new string('a', 5_000_000)));
}
