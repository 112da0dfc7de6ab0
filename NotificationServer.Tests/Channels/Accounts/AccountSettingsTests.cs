using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Channels.Push.Fcm;
using NotificationServer.Channels.Sms.Twilio;

namespace NotificationServer.Tests.Channels.Accounts;

/// One class describes a vendor's settings, wherever they come from.
public sealed class AccountSettingsTests
{
    private static readonly Vendor Twilio = new("twilio", ChannelFamily.Sms, TwilioOptions.Section, typeof(TwilioOptions), _ => throw new InvalidOperationException());
    private static readonly Vendor Fcm = new("fcm", ChannelFamily.Push, FcmOptions.Section, typeof(FcmOptions), _ => throw new InvalidOperationException());

    [Fact]
    public void What_configuration_takes_an_account_takes_in_the_spelling_of_the_api()
    {
        var (options, problems) = Read(Twilio, """{"account_sid":"AC1","from":"+15005550006","base_address":"https://eu.example.org"}""", """{"auth_token":"s"}""");

        Assert.Empty(problems);
        var twilio = Assert.IsType<TwilioOptions>(options);
        Assert.Equal(("AC1", "+15005550006", "https://eu.example.org/", "s"), (twilio.AccountSid, twilio.From, twilio.BaseAddress.ToString(), twilio.AuthToken));
    }

    [Theory]
    [InlineData("""{}""", """{}""", "/settings/account_sid", "missing")]
    [InlineData("""{"account_sid":"AC1","from":"x"}""", """{}""", "/secrets/api_key_sid", "missing")]
    [InlineData("""{"account_sid":"AC1","form":"x"}""", """{"auth_token":"s"}""", "/settings/form", "unknown_setting")]
    [InlineData("""{"account_sid":"AC1","from":"x","auth_token":"s"}""", """{}""", "/settings/auth_token", "is_secret")]
    [InlineData("""{"account_sid":"AC1"}""", """{"auth_token":"s","from":"x"}""", "/secrets/from", "not_secret")]
    [InlineData("""{"account_sid":"AC1","from":"x","base_address":"http://10.0.0.1"}""", """{"auth_token":"s"}""", "/settings/base_address", "invalid_value")]
    public void Each_problem_points_at_its_setting(string settings, string secrets, string field, string code)
    {
        var (options, problems) = Read(Twilio, settings, secrets);

        Assert.Null(options);
        // A name that stands for two settings is looked for among both.
        Assert.Contains(problems, problem => problem.Code == code && problem.Pointer.Split('/')[^1] == field.Split('/')[^1]);
    }

    [Fact]
    public void A_secret_is_the_text_itself_never_a_file_of_the_server_and_no_message_repeats_it()
    {
        var (_, file) = Read(Fcm, """{"service_account_file":"/etc/hostname"}""", "{}");
        var (_, missing) = Read(Fcm, "{}", "{}");
        var (_, broken) = Read(Fcm, "{}", """{"service_account_json":"{\"project_id\":\"very-secret\"}"}""");

        Assert.Equal(("/settings/service_account_file", "file_not_allowed"), (Assert.Single(file).Pointer, file[0].Code));
        Assert.Contains("/secrets/service_account_json", file[0].Message, StringComparison.Ordinal);
        Assert.Equal(("/secrets/service_account_json", "missing"), (Assert.Single(missing).Pointer, missing[0].Code));
        Assert.Equal("/secrets/service_account_json", Assert.Single(broken).Pointer);
        Assert.DoesNotContain("very-secret", broken[0].Message, StringComparison.Ordinal);
    }

    private static (VendorOptions? Options, IReadOnlyList<SettingProblem> Problems) Read(Vendor vendor, string settings, string secrets) =>
        AccountSettings.Read(vendor, JsonElement.Parse(settings), JsonElement.Parse(secrets));
}
