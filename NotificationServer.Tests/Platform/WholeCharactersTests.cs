using NotificationServer.Platform;

namespace NotificationServer.Tests.Platform;

public sealed class WholeCharactersTests
{
    [Theory]
    [InlineData("stop", 4, "stop")]
    [InlineData("stop", 3, "sto")]
    [InlineData("ab😀", 4, "ab😀")]
    [InlineData("ab😀", 3, "ab")]
    [InlineData("ab😀c", 4, "ab😀")]
    [InlineData("😀", 1, "")]
    [InlineData("", 3, "")]
    public void A_text_is_cut_before_the_character_that_does_not_fit(string text, int most, string kept) => Assert.Equal(kept, text.UpTo(most));

    [Fact]
    public void Half_a_character_at_the_end_is_left_out_also_where_nothing_is_cut() => Assert.Equal("ab", ("ab" + '\ud83d').UpTo(10));
}
