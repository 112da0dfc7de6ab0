using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;

namespace NotificationServer.Tests.Admin.Identity.People;

/// A class of its own: it disables everybody else's administrators.
public sealed class LastAdministratorTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task However_many_try_at_once_one_administrator_is_left()
    {
        var born = await server.AskAsync<Guid>("select id from staff");
        Assert.Equal(StaffChange.LastAdministrator, await Desk(desk => desk.DisableAsync(born, "test", null, default)));
        Assert.Equal(StaffChange.LastAdministrator, await Desk(desk => desk.SetRolesAsync(born, [Roles.Viewer], "test", default)));

        var second = await server.AddAsync("second@example.org", Roles.Administrator);
        for (var round = 0; round < 3; round++)
        {
            var changes = await Task.WhenAll(
                Task.Run(() => Desk(desk => desk.SetRolesAsync(born, [Roles.Operator], "test", default))),
                Task.Run(() => Desk(desk => desk.DisableAsync(second, "test", null, default))));
            Assert.Single(changes, StaffChange.Done);
            Assert.Single(changes, StaffChange.LastAdministrator);

            if (changes[0] == StaffChange.Done) await Desk(desk => desk.SetRolesAsync(born, [Roles.Administrator], "test", default));
            else await Desk(desk => desk.EnableAsync(second, "test", default));
        }

        // A disabled administrator is none.
        Assert.Equal(StaffChange.Done, await Desk(desk => desk.DisableAsync(second, "test", null, default)));
        Assert.Equal(StaffChange.LastAdministrator, await Desk(desk => desk.DisableAsync(born, "test", null, default)));
    }

    private async Task<StaffChange> Desk(Func<StaffDesk, Task<StaffChange>> change)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await change(scope.ServiceProvider.GetRequiredService<StaffDesk>());
    }
}
