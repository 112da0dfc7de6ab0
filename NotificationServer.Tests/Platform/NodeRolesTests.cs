using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

[Bar("S24")]
public sealed class NodeRolesTests
{
    [Theory]
    [InlineData(null, "api,worker,admin,scheduler")]
    [InlineData("", "api,worker,admin,scheduler")]
    [InlineData("worker", "worker")]
    [InlineData(" Scheduler, API ", "api,scheduler")]
    public void A_node_has_the_roles_that_it_is_given_or_all(string? text, string roles) =>
        Assert.Equal(roles, string.Join(',', NodeRoles.Parse(text).Names));

    [Fact]
    public void A_role_that_does_not_exist_is_told() =>
        Assert.Contains("'wroker'", Assert.Throws<StartupException>(() => NodeRoles.Parse("api,wroker")).Message, StringComparison.Ordinal);
}
