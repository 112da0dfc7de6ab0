using NotificationServer.Admin.Pages.Campaigns;

namespace NotificationServer.Tests.Admin.Pages.Campaigns;

public sealed class RepetitionTests
{
    [Theory]
    [InlineData("0 9 * * *", "every day at 09:00")]
    [InlineData("30 18 * * 1", "every Monday at 18:30")]
    [InlineData("0 9 * * 1-5", "Monday to Friday at 09:00")]
    [InlineData("0 9 * * 6,0", "every Saturday and Sunday at 09:00")]
    [InlineData("0 9 * * mon,wed,FRI", "every Monday, Wednesday and Friday at 09:00")]
    [InlineData("15 7 1 * *", "on day 1 of every month at 07:15")]
    [InlineData("*/15 9 * * *", "by the cron expression */15 9 * * *")]
    [InlineData("0 9 1 * 1", "by the cron expression 0 9 1 * 1")]
    [InlineData("0 25 * * *", "by the cron expression 0 25 * * *")]
    public void An_expression_is_told_as_people_say_it_or_as_it_is(string cron, string words) => Assert.Equal(words, Repetition.Of(cron).Words);

    [Theory]
    [InlineData("0 9 * * *")]
    [InlineData("0 9 * * 1,2,3,4,5")]
    [InlineData("0 9 * * 6,0")]
    [InlineData("15 7 31 * *")]
    [InlineData("*/15 9-17 * 1,6 5L")]
    public void What_the_form_was_filled_with_comes_back_unchanged(string cron) => Assert.Equal(cron, Repetition.Of(cron).ToCron());
}
