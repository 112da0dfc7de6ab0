using NotificationServer.Admin.Ui;

namespace NotificationServer.Tests.Admin.Ui;

public sealed class ChartTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 0.4)]
    [InlineData(1, 1)]
    [InlineData(1.1, 2)]
    [InlineData(37, 40)]
    [InlineData(420, 500)]
    [InlineData(999_999, 1_000_000)]
    public void The_axis_ends_at_a_round_figure_that_nothing_exceeds(double most, double top) =>
        Assert.Equal(top, new Chart(100, 100, 2, most).Top, 9);

    [Fact]
    public void The_first_value_is_at_the_left_the_highest_at_the_top_and_nothing_at_the_bottom() =>
        Assert.Equal("M0 100L50 0L100 50", new Chart(100, 100, 3, 10).Line([0, 10, 5]));

    [Fact]
    public void A_line_breaks_where_nothing_is_known() =>
        Assert.Equal("M0 100M100 0", new Chart(100, 100, 3, 10).Line([0, double.NaN, 10]));

    [Fact]
    public void An_area_goes_back_along_the_one_below_it() =>
        Assert.Equal("M0 50L100 0L100 50L0 100Z", new Chart(100, 100, 2, 10).Area([0, 5], [5, 10]));
}
