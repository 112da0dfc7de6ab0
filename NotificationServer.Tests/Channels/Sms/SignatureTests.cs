using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Channels.Sms.Vonage;

namespace NotificationServer.Tests.Channels.Sms;

public sealed class SignatureTests
{
    private static readonly JsonNode Twilio = Vector.Read("twilio-webhook-signatures");
    private static readonly JsonNode Vonage = Vector.Read("vonage-webhook-signatures");

    public static TheoryData<string> TwilioCases() => [.. Names(Twilio["cases"]!)];
    public static TheoryData<string> VonageTokens() => [.. Names(Vonage["messagesApiSignedWebhooks"]!["cases"]!)];
    public static TheoryData<string> VonageSigs() => [.. Names(Vonage["smsApiSigParameter"]!["cases"]!)];

    [Theory, MemberData(nameof(TwilioCases))]
    public void Twilio_is_believed_where_its_own_library_believes(string name)
    {
        var (token, one) = (Twilio["authToken"]!.GetValue<string>(), Case(Twilio["cases"]!, name));
        var (url, signature) = (one["url"]!.GetValue<string>(), one["signature"]!.GetValue<string>());

        var believed = TwilioSignature.Variants(url).Any(variant => one["body"] is { } body
            ? TwilioSignature.MatchesBody(token, signature, variant, Encoding.UTF8.GetBytes(body.GetValue<string>()))
            : TwilioSignature.Matches(token, signature, variant, Form(one["params"])));

        Assert.Equal(one["sdkAccepts"]!.GetValue<bool>(), believed);
    }

    [Theory, MemberData(nameof(VonageTokens))]
    public void A_token_of_Vonage_is_believed_with_the_very_body_that_it_names_and_while_it_is_fresh(string name)
    {
        var (secret, one) = (Vonage["messagesApiSignedWebhooks"]!["signatureSecret"]!.GetValue<string>(), Case(Vonage["messagesApiSignedWebhooks"]!["cases"]!, name));
        var issued = DateTimeOffset.FromUnixTimeSeconds(one["claims"]!["iat"]!.GetValue<long>());
        bool Believed(DateTimeOffset now) => VonageSignature.TokenMatches(
            secret, one["authorization"]!.GetValue<string>(), Encoding.UTF8.GetBytes(one["body"]!.GetValue<string>()), now, TimeSpan.FromMinutes(5));

        Assert.Equal(one["sdkAcceptsToken"]!.GetValue<bool>() && one["payloadHashMatches"]!.GetValue<bool>(), Believed(issued.AddMinutes(1)));
        Assert.False(Believed(issued.AddMinutes(6)));
    }

    [Theory, MemberData(nameof(VonageSigs))]
    public void A_sig_of_Vonage_is_believed_until_a_parameter_is_changed(string name)
    {
        var (secret, one) = (Vonage["smsApiSigParameter"]!["signatureSecret"]!.GetValue<string>(), Case(Vonage["smsApiSigParameter"]!["cases"]!, name));
        var method = one["method"]!.GetValue<string>();
        var fields = one["params"]!.AsObject().ToDictionary(field => field.Key, field => field.Value!.GetValue<string>(), StringComparer.Ordinal);
        fields["sig"] = one["sig"]!.GetValue<string>().ToUpperInvariant();

        Assert.True(VonageSignature.SigMatches(method, secret, fields));
        Assert.False(VonageSignature.SigMatches(method, secret + "x", fields));
        fields["nonce"] = "other";
        Assert.False(VonageSignature.SigMatches(method, secret, fields));
    }

    [Fact]
    public void A_token_that_names_another_way_to_sign_is_no_token()
    {
        const string none = "Bearer eyJhbGciOiJub25lIn0.eyJpYXQiOjE3MDAwMDAwMDB9.";
        Assert.False(VonageSignature.TokenMatches("s", none, [], DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), TimeSpan.FromMinutes(5)));
    }

    private static IEnumerable<string> Names(JsonNode cases) => cases.AsArray().Select(one => one!["name"]!.GetValue<string>());

    private static JsonNode Case(JsonNode cases, string name) => cases.AsArray().Single(one => one!["name"]!.GetValue<string>() == name)!;

    private static Dictionary<string, StringValues> Form(JsonNode? fields) => fields is null ? [] : fields.AsObject().ToDictionary(
        field => field.Key,
        field => field.Value is JsonArray many ? new StringValues([.. many.Select(value => value!.GetValue<string>())]) : new StringValues(field.Value!.GetValue<string>()),
        StringComparer.Ordinal);
}
