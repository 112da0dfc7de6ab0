using System.ComponentModel.DataAnnotations;
using NotificationServer.Admin.Identity.SecondFactor;

namespace NotificationServer.Admin;

internal sealed class AdminOptions : IValidatableObject
{
    public const string Section = "Admin";

    /// Where people reach the admin app, `https://notify.example.org`; null: where `Links:PublicUrl` says. Only links in mails need it.
    public Uri? PublicUrl { get; set; }

    /// Signed out after this long without a click.
    [Range(typeof(TimeSpan), "00:01:00", "12:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// Signed out after this long in any case.
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// How soon a person who was disabled, or whose roles or password changed, is out.
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RecheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// Who must have a second factor: roles with commas between them, `everyone` or `nobody`. Null: Administrator and Operator,
    /// and nobody in Development.
    public string? RequireSecondFactor { get; set; }

    /// How long a device that a person trusts is not asked for the second factor again.
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan RememberDevice { get; set; } = TimeSpan.FromDays(14);

    /// How long an invitation can be accepted.
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromHours(72);

    /// How long the link of somebody who forgot their password works.
    [Range(typeof(TimeSpan), "00:05:00", "1.00:00:00")]
    public TimeSpan ResetLifetime { get; set; } = TimeSpan.FromHours(1);

    [Range(220_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 220_000;

    /// Wrong passwords for one account from one address (of IPv6: one /64) before it has to wait; and wrong codes for one account from anywhere.
    [Range(1, 100)]
    public int FailuresPerAccountAndAddress { get; set; } = 5;

    /// Wrong passwords from one address, for whatever accounts, before it has to wait.
    [Range(1, 10_000)]
    public int FailuresPerAddress { get; set; } = 50;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WaitAfterFailures { get; set; } = TimeSpan.FromMinutes(15);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!SecondFactorRule.IsValid(RequireSecondFactor))
            yield return new($"{Section}:{nameof(RequireSecondFactor)} takes names of roles with commas between them, {SecondFactorRule.Everyone} or {SecondFactorRule.Nobody}");
        if (PublicUrl is { } url && (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback) || url.Query.Length > 0 || url.UserInfo.Length > 0))
            yield return new($"{Section}:{nameof(PublicUrl)} must be an https address without a query");
    }
}
