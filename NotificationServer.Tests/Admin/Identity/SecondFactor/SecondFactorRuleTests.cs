using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using NotificationServer.Admin;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.SecondFactor;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity.SecondFactor;

[Bar("S13")]
public sealed class SecondFactorRuleTests
{
    [Theory]
    [InlineData(null, "Production", "Administrator, Operator")]
    [InlineData("", "Staging", "Administrator, Operator")]
    [InlineData(null, "Development", "")]
    [InlineData("nobody", "Production", "")]
    [InlineData("everyone", "Development", "Administrator, Marketer, Operator, Viewer")]
    [InlineData("Marketer, Viewer", "Production", "Marketer, Viewer")]
    public void Who_is_asked(string? option, string environment, string asked)
    {
        var rule = new SecondFactorRule(Options.Create(new AdminOptions { RequireSecondFactor = option }), new HostingEnvironment { EnvironmentName = environment });
        Assert.Equal(asked, string.Join(", ", Roles.All.Where(role => rule.AsksOf([role]))));
    }

    [Theory]
    [InlineData("Administrator,Operator", true)]
    [InlineData("nobody", true)]
    [InlineData("Admins", false)]
    [InlineData("true", false)]
    public void What_the_option_takes(string option, bool taken) => Assert.Equal(taken, SecondFactorRule.IsValid(option));
}
