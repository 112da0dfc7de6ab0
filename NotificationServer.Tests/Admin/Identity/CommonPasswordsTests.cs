using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity;

[Bar("S14")]
public sealed class CommonPasswordsTests
{
    [Theory]
    [InlineData("passwordpassword")]
    [InlineData("Password1234567!")]
    [InlineData("P@ssw0rd-2026-P@ssw0rd")]
    [InlineData("qwertyuiop123456")]
    [InlineData("mnbvcxzlkjhgfdsa")]
    [InlineData("123456789012345")]
    [InlineData("98765432109876543")]
    [InlineData("asdasdasdasdasdasd")]
    [InlineData("Correct Horse Battery Staple")]
    [InlineData("correct-horse-battery-staple")]
    [InlineData("Summer2025Winter2026")]
    [InlineData("welcome to the admin server"), InlineData("AdminAdmin Welcome 1")]
    [InlineData("ILoveYouForever!!")]
    [InlineData("Zurich-Berlin-London")]
    [InlineData("Passwort-Geheim-2026")]
    public void What_guessers_take_first_is_refused(string password) => Assert.True(CommonPasswords.Has(password), password);

    [Theory]
    [InlineData("a sentence is good")]
    [InlineData("another fine sentence")]
    [InlineData("seven quiet herons wade")]
    [InlineData("kq3w-9nbx-t7yd-m2ph-zz4c-8vga")]
    [InlineData("Der Zug nach Olten war leer")]
    [InlineData("お茶を飲みながら本を読む時間が好き")]
    [InlineData("my password is a blue teapot on the roof")]
    public void What_is_one_s_own_is_taken(string password) => Assert.False(CommonPasswords.Has(password), password);
}
