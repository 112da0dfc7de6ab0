using NotificationServer.Platform;

namespace NotificationServer.Tests.Platform;

public sealed class SoundTextTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab\ud83d\ude00", 4, "ab\ud83d\ude00")]
    [InlineData("ab\ud83d\ude00", 3, "ab")]
    [InlineData("", 3, "")]
    [InlineData("abc", 0, "")]
    public void A_text_is_cut_between_characters(string text, int most, string expected) => Assert.Equal(expected, text.Storable(most));

    // As bytes: xunit cannot carry half a character from one process to the other.
    [Fact]
    public void What_no_column_takes_is_taken_out()
    {
        Assert.Equal("ab", "a\0b".Storable(10));
        Assert.Equal("a\ufffdb", $"a{(char)0xD83D}b".Storable(10));
        Assert.Equal("\ufffda", $"{(char)0xDE00}a".Storable(10));
        Assert.Equal("\ud83d\ude00", "\ud83d\ude00!".Storable(2));
    }

    [Fact]
    public void Sound_text_is_what_was_given()
    {
        var text = new string('a', 10);

        Assert.Same(text, text.Storable(10));
    }
}
