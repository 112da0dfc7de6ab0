using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;

namespace NotificationServer.Admin.Pages.Providers;

/// One setting of a vendor, as a form asks for it: made of the same class that the configuration is read with.
internal sealed record VendorField(string Name, string Label, string? Hint, bool IsSecret, Type Type, string? Default)
{
    public bool IsFlag => Type == typeof(bool);
    public bool IsChoice => Type.IsEnum;
    public bool IsList => Type == typeof(string[]);
    public bool IsNumber => Type == typeof(int);
    /// Keys and files come in many lines.
    public bool IsLong => Name is "private_key" or "service_account_json" or "dkim_key";
    public IReadOnlyList<string> Choices => IsChoice ? Enum.GetNames(Type) : [];
}

internal static class VendorForm
{
    private const string File = "_file";

    /// What each vendor carries, for whoever has to choose.
    public static readonly IReadOnlyDictionary<string, string> About = new Dictionary<string, string>
    {
        ["apns"] = "Apple’s own: iPhones, iPads and Macs",
        ["fcm"] = "Firebase: Android, and iOS apps that use it",
        ["webpush"] = "Browsers, by the standard: Chrome, Firefox, Edge, Safari",
        ["jpush"] = "JPush: Android in China, and iOS through it",
        ["pushy"] = "Pushy: Android without Google",
        ["twilio"] = "SMS, by Twilio",
        ["vonage"] = "SMS, by Vonage",
        ["sendgrid"] = "E-mail, by Twilio SendGrid",
        ["mailchimp"] = "E-mail, by Mailchimp Transactional (Mandrill)",
        ["smtp"] = "E-mail, by any mail server",
    };

    private static readonly Dictionary<string, string> Hints = new(StringComparer.Ordinal)
    {
        ["account_sid"] = "Begins with AC; on the first page of Twilio’s console.",
        ["api_key_sid"] = "Begins with SK. A key can be revoked by itself: better than the account’s token.",
        ["api_key_secret"] = "Belongs to the API key.",
        ["auth_token"] = "Also what the vendor signs its calls with, whatever we sign in with.",
        ["secondary_auth_token"] = "The other of the two while they are changed.",
        ["messaging_service_sid"] = "Begins with MG; picks a number for each country. Better than one number.",
        ["twilio/from"] = "A number of the account, with its country: +15005550006. Or a messaging service.",
        ["vonage/from"] = "A number of ours, or a name of up to 11 letters where the country allows it.",
        ["from"] = "The sender of messages that name none: an address of a domain that the vendor knows as ours.",
        ["from_name"] = "What people read beside the sender’s address.",
        ["api"] = "Messages is the newer one; its calls are signed with an application’s key.",
        ["application_id"] = "With its private key it signs our calls; preferred to the account’s key and secret, which open everything.",
        ["api_secret"] = "Belongs to the API key.",
        ["status_url"] = "Where the vendor tells what became of a message. Empty: at our own address.",
        ["signature_secret"] = "By what this account’s callbacks are known.",
        ["signature_method"] = "How the SMS API signs, as the account is set: md5hash, md5, sha1, sha256 or sha512.",
        ["webhook_public_key"] = "Of the signed event webhook: base64, without the PEM lines.",
        ["webhook_key"] = "The key that is shown beside this account’s webhook.",
        ["subaccount"] = "Its sending and its reputation are counted apart.",
        ["track_opens"] = "Puts the vendor’s picture into every mail. Ours are counted either way.",
        ["track_clicks"] = "Lets the vendor rewrite every link. Ours are counted either way.",
        ["key_id"] = "Ten characters, beside the key in Apple’s developer account.",
        ["team_id"] = "Ten characters, in the upper right of Apple’s developer account.",
        ["topic"] = "The app’s bundle id. A device that names its own app overrides it.",
        ["apns/private_key"] = "The content of the .p8 file, with its BEGIN and END lines.",
        ["vonage/private_key"] = "The application’s private key (PEM), with its BEGIN and END lines.",
        ["webpush/private_key"] = "The private half of the VAPID key: 32 bytes in base64url.",
        ["public_key"] = "The VAPID key as browsers got it. A changed key makes every subscription useless.",
        ["subject"] = "Whom a push service may write to about us: mailto: or https:. Apple refuses anything else.",
        ["max_payload"] = "Most bytes of a message before encryption.",
        ["hosts"] = "Push services that may be called, one a line. Empty: those of the big browsers.",
        ["more_hosts"] = "Further ones, one a line.",
        ["service_account_json"] = "The content of the service account’s JSON file; it names the project.",
        ["app_key"] = "Of the app in JPush’s console.",
        ["master_secret"] = "Of the app in JPush’s console.",
        ["apns_production"] = "Off: development builds of the app.",
        ["base_address"] = "Only to go through another region or host.",
        ["sms_base_address"] = "The host of the older SMS API.",
        ["host"] = "The mail server’s name.",
        ["port"] = "587 with StartTls, 465 with Implicit.",
        ["security"] = "StartTls: plain at first, TLS before anything that matters. Implicit: TLS from the first byte.",
        ["user"] = "Empty: a relay that knows us by our address.",
        ["access_token"] = "An OAuth token in place of a password (XOAUTH2).",
        ["bounce_address"] = "Where bounces go. Empty: bounce at the sender’s domain.",
        ["hello_name"] = "How we greet: our own host’s name. Empty: the sender’s domain.",
        ["dkim_domain"] = "The domain whose key signs. Empty: mail is not signed here.",
        ["dkim_key"] = "An RSA key of 2048 bits (PEM), with its BEGIN and END lines.",
        ["longest_life"] = "How long JPush keeps a message for a device that is off: 3.00:00:00 is three days.",
        ["idle_timeout"] = "How long an idle connection is kept: 00:00:30.",
    };

    public static IReadOnlyList<VendorField> Of(Vendor vendor)
    {
        var usual = Activator.CreateInstance(vendor.Settings);
        return [.. AccountSettings.Of(vendor.Settings).Where(one => !one.Key.EndsWith(File, StringComparison.Ordinal)).Select(one => Field(vendor, one.Key, one.Value, usual))];
    }

    public static string Label(string name) => name switch
    {
        "api" or "from" or "host" or "port" or "user" or "topic" or "subject" or "hosts" or "password" or "security" => char.ToUpperInvariant(name[0]) + name[1..],
        _ => (char.ToUpperInvariant(name[0]) + name[1..]).Replace('_', ' ').Replace(" sid", " SID", StringComparison.Ordinal).Replace(" id", " ID", StringComparison.Ordinal)
            .Replace("Api ", "API ", StringComparison.Ordinal).Replace("Sms ", "SMS ", StringComparison.Ordinal).Replace("Dkim", "DKIM", StringComparison.Ordinal)
            .Replace(" json", " JSON", StringComparison.Ordinal).Replace(" url", " URL", StringComparison.Ordinal).Replace("Apns", "APNs", StringComparison.Ordinal),
    };

    /// What an account was told, for people to see: no secret, and nothing that is as usual.
    public static IEnumerable<(string Name, string Value)> Shown(ProviderAccount account)
    {
        if (account.Row is { } row)
            return JsonNode.Parse(row.Settings)!.AsObject().Where(one => one.Value is not null).Select(one => (one.Key, Text(one.Value))); // stored as an object
        if (account.Settings is not { } settings) return [];
        var usual = Activator.CreateInstance(settings.GetType());
        return AccountSettings.Of(settings.GetType()).Where(one => !AccountSettings.IsSecret(one.Value))
            .Select(one => (one.Key, Now: one.Value.GetValue(settings), Usual: one.Value.GetValue(usual)))
            .Where(one => one.Now is not null && !Equals(one.Now, one.Usual) && one.Now is not Array { Length: 0 })
            .Select(one => (one.Key, Text(JsonSerializer.SerializeToNode(one.Now))));
    }

    /// As the API takes it: what was left empty is left out.
    public static JsonObject Settings(IReadOnlyList<VendorField> fields, IReadOnlyDictionary<string, string?> written)
    {
        var settings = new JsonObject();
        foreach (var field in fields.Where(field => !field.IsSecret))
            if (written.GetValueOrDefault(field.Name)?.Trim() is { Length: > 0 } text) settings[field.Name] = Value(field, text);
        return settings;
    }

    /// Those that were written are set, those that are to be forgotten are null, the others stay.
    public static JsonObject Secrets(IReadOnlyList<VendorField> fields, IReadOnlyDictionary<string, string?> written, IReadOnlyCollection<string> forgotten)
    {
        var secrets = new JsonObject();
        foreach (var field in fields.Where(field => field.IsSecret))
        {
            if (written.GetValueOrDefault(field.Name) is { } text && !string.IsNullOrWhiteSpace(text)) secrets[field.Name] = field.IsLong ? text.ReplaceLineEndings("\n") : text.Trim();
            else if (forgotten.Contains(field.Name)) secrets[field.Name] = null;
        }
        return secrets;
    }

    public static string Text(JsonNode? value) => value switch
    {
        JsonArray list => string.Join('\n', list.Select(Text)),
        null => "",
        _ => value.ToString(),
    };

    private static JsonNode Value(VendorField field, string text) => field switch
    {
        { IsFlag: true } => text == "true",
        { IsNumber: true } when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        { IsList: true } => new JsonArray([.. text.Split(['\r', '\n', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(one => (JsonNode)one)]),
        _ => text,
    };

    private static VendorField Field(Vendor vendor, string name, PropertyInfo property, object? usual) => new(
        name, Label(name), Hints.GetValueOrDefault($"{vendor.Name}/{name}") ?? Hints.GetValueOrDefault(name), AccountSettings.IsSecret(property), property.PropertyType,
        AccountSettings.IsSecret(property) || property.GetValue(usual) is not { } value || value is Array ? null : value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture));
}
