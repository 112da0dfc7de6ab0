using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using NotificationServer.Channels.Receipts;

namespace NotificationServer.Channels.Sms.Twilio;

internal sealed class TwilioInbound : IInboundSmsReader
{
    public string Vendor => "twilio";

    public (InboundVerdict Verdict, InboundText? Text) Read(InboundCall call, CallbackSecrets secrets)
    {
        if (secrets.Keys.Count == 0) return (InboundVerdict.NotConfigured, null);
        if (call.Headers[TwilioSignature.Header] is not [{ Length: > 0 } signature]) return (InboundVerdict.Refused, null);
        if (Form(call) is not { } form) return (InboundVerdict.Refused, null);

        var urls = call.Urls.SelectMany(TwilioSignature.Variants).Distinct();
        return urls.Any(url => secrets.Keys.Any(token => TwilioSignature.Matches(token, signature, url, form)))
            ? (InboundVerdict.Valid, TextOf(form)) : (InboundVerdict.Refused, null);
    }

    private static InboundText? TextOf(Dictionary<string, StringValues> form)
    {
        string? Field(string name) => form.TryGetValue(name, out var values) ? values.FirstOrDefault() : null;
        return (Field("MessageSid") ?? Field("SmsMessageSid")) is { Length: > 0 } id && Field("From") is { Length: > 0 } from
            // A status callback is sent to another address; should one come here, it says nothing that anybody wrote.
            && Field("MessageStatus") is null
            ? new InboundText(id, from, Field("Body") ?? "", Field("OptOutType") is { Length: > 0 } told ? told : null) : null;
    }

    private static Dictionary<string, StringValues>? Form(InboundCall call)
    {
        if (call.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(call.Body));
            return reader.ReadForm();
        }
        catch (InvalidDataException)
        {
            // More fields than any call has.
            return null;
        }
    }
}
