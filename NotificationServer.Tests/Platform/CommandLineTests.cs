using NotificationServer.Platform;

namespace NotificationServer.Tests.Platform;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--Secrets:api_key_pepper=c2VjcmV0", "Secrets__api_key_pepper")]
    [InlineData("--secrets:cursor_key c2VjcmV0", "secrets__cursor_key")]
    [InlineData("--ConnectionStrings:Default=Host=db;Username=app;Password=secret", "ConnectionStrings__Default")]
    [InlineData("check --ConnectionStrings:Migrations Host=db;password=secret", "ConnectionStrings__Migrations")]
    public void A_secret_on_the_command_line_is_refused_and_not_repeated(string line, string instead)
    {
        var refused = Assert.Throws<StartupException>(() => CommandLine.Parse(line.Split(' ')));

        Assert.Contains($"set {instead} in the environment", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("=secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate --Secrets:api_key_pepperFile=/run/secrets/pepper", ServerCommand.Migrate)]
    [InlineData("--ConnectionStrings:Default Host=db;Username=app check", ServerCommand.Check)]
    [InlineData("--Database:MaxPoolSize=20", ServerCommand.Serve)]
    internal void Where_a_secret_lies_and_what_is_none_may_stand_there(string line, ServerCommand command) =>
        Assert.Equal(command, CommandLine.Parse(line.Split(' ')).Command);
}
