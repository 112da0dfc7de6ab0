using System.Net;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity.SecondFactor;

[Bar("S13")]
public sealed class SecondFactorTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const string Page = "/admin/me/second-factor";
    private const string CodePage = "/admin/sign-in/code";

    [Fact]
    public async Task It_is_set_up_with_a_right_code_and_asked_for_at_the_next_sign_in()
    {
        using var ada = await server.HasAsync("ada@example.org", Roles.Marketer);
        using var elsewhere = await server.SignedInAsAsync("ada@example.org");
        var page = await ada.ReadAsync(Page);
        Assert.Contains("<svg class=\"qr\"", page, StringComparison.Ordinal);

        var wrong = await ada.PostForTextAsync($"{Page}?handler=Enrol", ("Sealed", Authenticator.SealedOn(page)), ("Code", "000000"));
        Assert.Contains("This code is not right.", wrong, StringComparison.Ordinal);
        Assert.Equal(Authenticator.On(page).Code(), Authenticator.On(wrong).Code()); // who mistyped need not scan again
        Assert.False(await server.AskAsync<bool>("select two_factor_enabled from staff where email = 'ada@example.org'"));

        var app = Authenticator.On(wrong);
        var codes = Authenticator.CodesOn(await ada.PostForTextAsync($"{Page}?handler=Enrol", ("Sealed", Authenticator.SealedOn(wrong)), ("Code", app.Code())));
        Assert.Equal(10, codes.Distinct().Count());
        Assert.Null(await ada.LeadsToAsync("/admin"));
        Assert.NotNull(await elsewhere.LeadsToAsync("/admin")); // it was signed in without

        using var next = server.Client();
        var first = await next.SignInAsync("ada@example.org", Colleagues.Password, "/admin/templates");
        Assert.StartsWith(CodePage, first.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.NotNull(await next.LeadsToAsync("/admin")); // halfway opens nothing
        Assert.Contains("not right", await next.PostForTextAsync(CodePage, ("Code", "000000")), StringComparison.Ordinal);
        Assert.Equal("/admin/templates", await next.PostForPlaceAsync(CodePage, ("Code", app.Code(1).Insert(3, " ")), ("returnUrl", "/admin/templates")));
        Assert.Null(await next.LeadsToAsync("/admin"));
    }

    [Fact]
    public async Task A_code_and_a_recovery_code_work_once()
    {
        using var bob = await server.HasAsync("bob@example.org", Roles.Operator);
        var (app, codes) = await Authenticator.EnrolAsync(bob);
        var code = app.Code(1);

        Assert.Equal("/admin", await SignInAsync("bob@example.org", code));
        Assert.Null(await SignInAsync("bob@example.org", code));
        Assert.Equal("/admin", await SignInAsync("bob@example.org", codes[3].ToLowerInvariant()));
        Assert.Null(await SignInAsync("bob@example.org", codes[3]));

        var said = await server.AuditOfAsync("bob@example.org");
        Assert.Contains("staff.second_factor_on", said, StringComparison.Ordinal);
        Assert.Contains("""staff.recovery_code_used  {"left": 9}""", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_codes_is_slowed_wherever_it_comes_from()
    {
        using var cat = await server.HasAsync("cat@example.org", Roles.Viewer);
        var (app, _) = await Authenticator.EnrolAsync(cat);
        using var guesser = server.Client();
        await guesser.SignInAsync("cat@example.org", Colleagues.Password);
        for (var n = 0; n < 5; n++) await guesser.PostAsync(CodePage, ("Code", $"00000{n}"));

        Assert.Contains("Too many tries", await guesser.PostForTextAsync(CodePage, ("Code", app.Code(1))), StringComparison.Ordinal);
        await server.AskAsync<int>("update sign_in_failures set ip = '192.0.2.9'");
        Assert.Contains("Too many tries", await guesser.PostForTextAsync(CodePage, ("Code", app.Code(1))), StringComparison.Ordinal);
        await server.AskAsync<int>("update sign_in_failures set last_at = now() - interval '15 minutes 1 second'");
        Assert.Equal("/admin", await guesser.PostForPlaceAsync(CodePage, ("Code", app.Code(1))));
    }

    [Fact]
    public async Task A_trusted_device_is_not_asked_again_until_the_password_changes()
    {
        using var dan = await server.HasAsync("dan@example.org", Roles.Viewer);
        var (app, _) = await Authenticator.EnrolAsync(dan);
        using var device = server.Client();
        await device.SignInAsync("dan@example.org", Colleagues.Password);
        Assert.Equal("/admin", await device.PostForPlaceAsync(CodePage, ("Code", app.Code(1)), ("Remember", "true")));
        await device.PostAsync("/admin/sign-out");

        Assert.Equal("/admin", (await device.SignInAsync("dan@example.org", Colleagues.Password)).Headers.Location?.ToString());
        Assert.Equal("/admin/me", await dan.PostForPlaceAsync("/admin/me?handler=Password", ("Current", Colleagues.Password), ("Next", "nine loud geese depart")));
        Assert.StartsWith(CodePage, (await device.SignInAsync("dan@example.org", "nine loud geese depart")).Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_given_up_and_its_codes_are_made_anew_only_with_the_password()
    {
        using var eva = await server.HasAsync("eva@example.org", Roles.Viewer);
        var (_, codes) = await Authenticator.EnrolAsync(eva);

        Assert.Contains("This is not your password.", await eva.PostForTextAsync($"{Page}?handler=Codes", ("Password", "not this one, surely")), StringComparison.Ordinal);
        Assert.Contains("This is not your password.", await eva.PostForTextAsync($"{Page}?handler=Off", ("Password", "not this one, surely")), StringComparison.Ordinal);
        var anew = Authenticator.CodesOn(await eva.PostForTextAsync($"{Page}?handler=Codes", ("Password", Colleagues.Password)));
        Assert.Equal(10, anew.Except(codes).Count());
        Assert.Null(await SignInAsync("eva@example.org", codes[0]));

        Assert.Equal(Page, await eva.PostForPlaceAsync($"{Page}?handler=Off", ("Password", Colleagues.Password)));
        Assert.Null(await eva.LeadsToAsync("/admin"));
        Assert.Equal("/admin", (await server.Client().SignInAsync("eva@example.org", Colleagues.Password)).Headers.Location?.ToString());
        Assert.Equal(0, await server.AskAsync<int>("select count(*) from staff_tokens join staff on id = user_id where email = 'eva@example.org'"));
    }

    [Fact]
    public async Task Some_time_after_the_sign_in_it_is_set_up_only_with_the_password()
    {
        using var kim = await server.HasAsync("kim@example.org", Roles.Viewer);
        var early = await kim.ReadAsync(Page);
        Assert.DoesNotContain("name=\"Password\"", early, StringComparison.Ordinal);

        await server.AskAsync<int>("update staff_sessions set created_at = now() - interval '10 minutes 1 second' where user_id = (select id from staff where email = 'kim@example.org')");
        var late = await EnrolAsync();
        Assert.Contains("Enter your password.", late, StringComparison.Ordinal);
        Assert.Contains("name=\"Password\"", late, StringComparison.Ordinal);
        Assert.Equal(Authenticator.On(early).Code(), Authenticator.On(late).Code()); // who scanned it before need not scan again
        Assert.Contains("name=\"Password\"", await kim.ReadAsync(Page), StringComparison.Ordinal);
        Assert.Contains("This is not your password.", await EnrolAsync(("Password", "not this one, surely")), StringComparison.Ordinal);
        Assert.False(await server.AskAsync<bool>("select two_factor_enabled from staff where email = 'kim@example.org'"));

        Assert.Equal(10, Authenticator.CodesOn(await EnrolAsync(("Password", Colleagues.Password))).Count);

        Task<string> EnrolAsync(params (string Name, string Value)[] more) => kim.PostForTextAsync(
            $"{Page}?handler=Enrol", [("Sealed", Authenticator.SealedOn(early)), ("Code", Authenticator.On(early).Code()), .. more]);
    }

    [Fact]
    public async Task A_stolen_copy_of_the_database_is_no_second_factor()
    {
        using var fay = await server.HasAsync("fay@example.org", Roles.Viewer);
        var (_, codes) = await Authenticator.EnrolAsync(fay);
        var stored = await server.AskAsync<string>("select string_agg(value, ' ') from staff_tokens join staff on id = user_id where email = 'fay@example.org'");
        Assert.NotNull(stored);
        Assert.All(codes, code => Assert.DoesNotContain(code, stored, StringComparison.Ordinal));
        Assert.DoesNotContain(';', stored);
    }

    [Fact]
    public async Task A_key_that_was_offered_to_somebody_else_is_not_taken()
    {
        using var gil = await server.HasAsync("gil@example.org", Roles.Viewer);
        using var hal = await server.HasAsync("hal@example.org", Roles.Viewer);
        var offered = await gil.ReadAsync(Page);
        var refused = await hal.PostForTextAsync($"{Page}?handler=Enrol", ("Sealed", Authenticator.SealedOn(offered)), ("Code", Authenticator.On(offered).Code()));
        Assert.Contains("This code is not right.", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whose_role_asks_for_it_is_led_there_before_anything_else_opens()
    {
        await server.AddAsync("ida@example.org", Roles.Operator);
        await server.AddAsync("jim@example.org", Roles.Marketer);
        await using var node = server.AnotherNode("Development", ("Admin:RequireSecondFactor", "Administrator,Operator"));
        using var ida = new AdminClient(node.Listen());
        using var jim = new AdminClient(node.ClientOptions.BaseAddress);
        await jim.SignInAsync("jim@example.org", Colleagues.Password);
        Assert.Null(await jim.LeadsToAsync("/admin"));

        await ida.SignInAsync("ida@example.org", Colleagues.Password);
        Assert.Equal(Page, await ida.LeadsToAsync("/admin"));
        Assert.Equal(Page, await ida.LeadsToAsync("/admin/me"));
        var page = await ida.ReadAsync(Page);
        Assert.Contains("Your role asks for it", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"navigation\"", page, StringComparison.Ordinal);

        await Authenticator.EnrolAsync(ida);
        Assert.Null(await ida.LeadsToAsync("/admin"));
    }

    private async Task<string?> SignInAsync(string email, string code)
    {
        using var client = server.Client();
        Assert.Equal(HttpStatusCode.Found, (await client.SignInAsync(email, Colleagues.Password)).StatusCode);
        return await client.PostForPlaceAsync(CodePage, ("Code", code));
    }
}
