using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace NotificationServer.Tests.Support;

/// Passwords are hashed in few rounds: that it is slow on purpose would be a third of what these tests cost.
internal static class QuickPasswords
{
    public static void Use(IServiceCollection services) =>
        services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1_000);
}
