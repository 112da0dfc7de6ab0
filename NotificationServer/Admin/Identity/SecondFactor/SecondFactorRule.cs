using Microsoft.Extensions.Options;

namespace NotificationServer.Admin.Identity.SecondFactor;

/// Whose roles ask for a second factor.
internal sealed class SecondFactorRule(IOptions<AdminOptions> options, IHostEnvironment environment)
{
    public const string Everyone = "everyone";
    public const string Nobody = "nobody";

    // Who may change how the server works, or whom it lets in.
    private static readonly string[] Usual = [Roles.Administrator, Roles.Operator];

    public bool AsksOf(IEnumerable<string> roles) => options.Value.RequireSecondFactor switch
    {
        null or "" => !environment.IsDevelopment() && roles.Any(Usual.Contains),
        Everyone => true,
        Nobody => false,
        var named => roles.Any(Split(named).Contains),
    };

    public static bool IsValid(string? text) => text is null or "" or Everyone or Nobody || Split(text).All(Roles.All.Contains);

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
