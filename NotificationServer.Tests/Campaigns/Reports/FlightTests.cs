using NotificationServer.Campaigns.Plans;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Channels;

namespace NotificationServer.Tests.Campaigns.Reports;

/// How long a campaign takes, from what holds it up.
public sealed class FlightTests
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_account_sends_at_its_rate()
    {
        var flight = Flown(messages: 72_000, ("one", new AccountLimits(10, null, null)));

        Assert.Equal(Nine.AddHours(2), flight.End);
        Assert.Equal(36_000, flight.Hours[(Nine, "email")], 1);
        Assert.Equal(72_000, flight.Hours.Values.Sum(), 1);
    }

    [Fact]
    public void A_day_that_is_full_is_the_next_accounts_turn_and_then_the_next_days()
    {
        var one = Flown(messages: 2_500, ("one", new AccountLimits(100, 1_000, null)));
        var two = Flown(messages: 2_500, ("one", new AccountLimits(100, 1_000, null)), ("two", new AccountLimits(100, null, null)));

        Assert.Equal(new DateTime(2026, 12, 3), one.End?.UtcDateTime.Date);
        Assert.Equal(Nine.UtcDateTime.Date, two.End?.UtcDateTime.Date);
    }

    [Fact]
    public void A_rate_that_is_used_up_is_waited_for_and_does_not_spill_over()
    {
        var flight = Flown(messages: 7_200, ("cheap", new AccountLimits(1, null, null)), ("dear", new AccountLimits(1000, null, null)));

        Assert.Equal(Nine.AddHours(2), flight.End);
    }

    [Fact]
    public void The_throttle_the_hours_and_what_waits_already_hold_it_up()
    {
        var slow = Flown(messages: 600, throttle: 10, accounts: ("one", new AccountLimits(100, null, null)));
        var window = new SendWindow { From = new TimeOnly(9, 0), To = new TimeOnly(9, 30) };
        var hours = Flown(messages: 600, throttle: 10, window: window, accounts: ("one", new AccountLimits(100, null, null)));
        var behind = Flown(messages: 3_600, waiting: 3_600, accounts: ("one", new AccountLimits(1, null, null)));

        Assert.InRange(slow.End!.Value, Nine.AddMinutes(59), Nine.AddMinutes(60));
        Assert.Equal(Nine.AddDays(1).Date, hours.End!.Value.Date);
        Assert.Equal(Nine.AddHours(2), behind.End);
    }

    [Fact]
    public void What_is_not_sent_when_it_expires_is_too_late_and_all_the_same_it_is_said_when_it_would_end()
    {
        var flight = Flown(messages: 7_200, expires: Nine.AddHours(1), accounts: ("one", new AccountLimits(1, null, null)));
        var inTime = Flown(messages: 7_200, expires: Nine.AddHours(3), accounts: ("one", new AccountLimits(1, null, null)));

        Assert.Equal(3_600, flight.TooLate, 1);
        Assert.Equal(Nine.AddHours(2), flight.End);
        Assert.Equal(0, inTime.TooLate, 1);
    }

    [Fact]
    public void Nothing_that_never_goes_has_an_end()
    {
        var flight = Flown(messages: 10, expires: Nine.AddDays(1), accounts: ("one", new AccountLimits(10, 0, null)));

        Assert.Null(flight.End);
        Assert.Equal(10, flight.TooLate, 1);
    }

    private static Flight Flown(long messages, params (string Key, AccountLimits Limits)[] accounts) => Flown(messages, null, null, 0, null, accounts);

    private static Flight Flown(
        long messages, int? throttle = null, SendWindow? window = null, long waiting = 0, DateTimeOffset? expires = null, params (string Key, AccountLimits Limits)[] accounts)
    {
        var flight = new Flight
        {
            Now = Nine, Start = Nine, Audience = messages, Waves = [new FlightWave(Nine, null, messages)], Throttle = throttle, Window = window, ExpiresAt = expires,
            Routes = [new ReachRoute("email", [.. accounts.Select(account => account.Key)], messages)],
            Runways = new Runways.Picture(
                accounts.ToDictionary(account => account.Key, account => new Runway(account.Key, account.Limits.RatePerSecond ?? 100, RunwaySource.Rate, account.Limits, 0)),
                new Dictionary<string, long> { ["email"] = waiting }, []),
        };
        flight.Fly();
        return flight;
    }
}
