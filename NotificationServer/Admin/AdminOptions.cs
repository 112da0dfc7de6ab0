using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Admin;

internal sealed class AdminOptions
{
    public const string Section = "Admin";

    /// Signed out after this long without a click.
    [Range(typeof(TimeSpan), "00:01:00", "12:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// Signed out after this long in any case.
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// How soon a person who was disabled, or whose roles or password changed, is out.
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RecheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    [Range(220_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 220_000;

    /// Wrong passwords for one account from one address before it has to wait.
    [Range(1, 100)]
    public int FailuresPerAccountAndAddress { get; set; } = 5;

    /// Wrong passwords from one address, for whatever accounts, before it has to wait.
    [Range(1, 10_000)]
    public int FailuresPerAddress { get; set; } = 50;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WaitAfterFailures { get; set; } = TimeSpan.FromMinutes(15);
}
