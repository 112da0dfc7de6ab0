using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.People;
using NotificationServer.Tests.Admin.Identity.SecondFactor;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity;

/// A script that sends its guesses in one moment gets no more of them looked at than a person who types one after the other.
[Bar("S16")]
public sealed class ManyTriesAtOnceTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const int Many = 16;

    [Fact]
    public async Task Of_passwords()
    {
        await server.AddAsync("ann@example.org", Roles.Viewer);
        using var guesser = server.Client();
        var answers = await guesser.PostAtOnceAsync(Many, "/admin/sign-in", "/admin/sign-in", ("Email", "ann@example.org"), ("Password", "not this one, surely"));

        Only5AreLookedAt(answers, "The address or the password is not right.");
        Assert.Contains("Too many tries from here.", await guesser.PostForTextAsync("/admin/sign-in", ("Email", "ann@example.org"), ("Password", Colleagues.Password)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_codes()
    {
        using var bea = await server.HasAsync("bea@example.org", Roles.Viewer);
        var (app, _) = await Authenticator.EnrolAsync(bea);
        using var guesser = server.Client();
        await guesser.SignInAsync("bea@example.org", Colleagues.Password);

        Only5AreLookedAt(await guesser.PostAtOnceAsync(Many, "/admin/sign-in/code", "/admin/sign-in/code", ("Code", "000000")), "This code is not right");
        Assert.Contains("Too many tries.", await guesser.PostForTextAsync("/admin/sign-in/code", ("Code", app.Code(1))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_s_own_password_and_of_codes_of_a_new_telephone_from_an_open_session()
    {
        const string page = "/admin/me/second-factor";
        using var cem = await server.HasAsync("cem@example.org", Roles.Viewer);
        Only5AreLookedAt(
            await cem.PostAtOnceAsync(Many, "/admin/me", "/admin/me?handler=Password", ("Current", "not this one, surely"), ("Next", "nine loud geese depart")),
            "This is not your password.");
        var offered = Authenticator.SealedOn(await cem.ReadAsync(page));
        Only5AreLookedAt(await cem.PostAtOnceAsync(Many, page, $"{page}?handler=Enrol", ("Sealed", offered), ("Code", "000000")), "This code is not right.");
    }

    [Fact]
    public async Task Who_is_right_after_four_wrong_ones_is_in_and_has_all_her_tries_again()
    {
        await server.AddAsync("dee@example.org", Roles.Viewer);
        using var dee = server.Client();
        for (var round = 0; round < 2; round++)
        {
            for (var n = 0; n < 4; n++) await dee.SignInAsync("dee@example.org", "not this one, surely");
            Assert.Equal("/admin", (await dee.SignInAsync("dee@example.org", Colleagues.Password)).Headers.Location?.ToString());
            for (var n = 0; n < 4; n++) await dee.PostAsync("/admin/me?handler=Password", ("Current", "not this one, surely"), ("Next", ""));
            Assert.Contains("Choose a new password.", await dee.PostForTextAsync("/admin/me?handler=Password", ("Current", Colleagues.Password), ("Next", "")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Half_the_cores_at_most_look_at_passwords()
    {
        await server.AddAsync("eli@example.org", Roles.Viewer);
        await using var usual = server.Services.CreateAsyncScope();
        var hasher = new WatchedHasher(usual.ServiceProvider.GetRequiredService<IPasswordHasher<StaffMember>>());

        await Task.WhenAll(Enumerable.Range(0, PasswordTurns.AtOnce + 5).Select(n => Task.Run(async () =>
        {
            await using var scope = server.Services.CreateAsyncScope();
            var staff = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
            staff.PasswordHasher = hasher;
            var from = IPAddress.Parse($"198.51.100.{n % 256}");
            var eli = await staff.FindByEmailAsync("eli@example.org");
            Assert.NotNull(eli);
            if (n % 3 == 0) await scope.ServiceProvider.GetRequiredService<OwnAccount>().CheckAsync(eli, "not this one, surely", from, default);
            else await scope.ServiceProvider.GetRequiredService<SignIn>().TryAsync(n % 3 == 1 ? "eli@example.org" : "nobody@example.org", "not this one, surely", from, default);
        })));

        Assert.Equal(PasswordTurns.AtOnce + 5, hasher.Asked);
        Assert.InRange(hasher.MostAtOnce, 1, PasswordTurns.AtOnce);
    }

    private static void Only5AreLookedAt(IReadOnlyList<string> answers, string isWrong)
    {
        Assert.Equal(5, answers.Count(answer => answer.Contains(isWrong, StringComparison.Ordinal)));
        Assert.Equal(answers.Count - 5, answers.Count(answer => answer.Contains("Too many tries", StringComparison.Ordinal)));
    }

    private sealed class WatchedHasher(IPasswordHasher<StaffMember> hasher) : IPasswordHasher<StaffMember>
    {
        private readonly Lock counting = new();
        private int now;

        public int Asked { get; private set; }

        public int MostAtOnce { get; private set; }

        public string HashPassword(StaffMember user, string password) => Watch(() => hasher.HashPassword(user, password));

        public PasswordVerificationResult VerifyHashedPassword(StaffMember user, string hashedPassword, string providedPassword) =>
            Watch(() => hasher.VerifyHashedPassword(user, hashedPassword, providedPassword));

        private T Watch<T>(Func<T> work)
        {
            lock (counting)
            {
                Asked++;
                MostAtOnce = Math.Max(MostAtOnce, ++now);
            }
            try
            {
                return work();
            }
            finally
            {
                lock (counting) now--;
            }
        }
    }
}
