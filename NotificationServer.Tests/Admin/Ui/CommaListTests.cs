using NotificationServer.Admin.Ui;

namespace NotificationServer.Tests.Admin.Ui;

public sealed class CommaListTests
{
    private static readonly string[] Nasty =
        ["vip", "5\" nails", "\"", "\"\"", "\"said\"", "\"open", "shut\"", "a, b", ",", ", ", "\",\"", "\", \"", " ", " before", "after ", "\u00a0hard\u00a0", "", "a\"\"b", "\"a\" b", "Zürich, CH", "\\\"", "😀"];

    [Fact]
    public void Whatever_a_service_calls_things_comes_back_as_it_was()
    {
        var threes = from one in Nasty from two in Nasty from three in Nasty select (string[])[one, two, three];

        foreach (var texts in threes.Concat(Nasty.Select(one => (string[])[one])).Append([]))
            Assert.Equal(texts, CommaList.Split(CommaList.Join(texts)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ,")]
    [InlineData("a,b , c,", "a", "b", "c")]
    [InlineData("\"vip, gold\", x", "vip, gold", "x")]
    [InlineData("5\" nails, 6\" nails", "5\" nails", "6\" nails")]
    [InlineData("\"forgotten, x", "\"forgotten", "x")]
    [InlineData("\"one\" more, x", "\"one\" more", "x")]
    public void What_a_person_types_is_read_as_it_looks(string? line, params string[] texts) => Assert.Equal(texts, CommaList.Split(line));
}
