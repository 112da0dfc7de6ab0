using System.Security;
using NotificationServer.Channels.Sms;
using NotificationServer.Recipients.Consents;

namespace NotificationServer.Api.Callbacks;

/// The one text that may follow a STOP, a START or a HELP: what was done and how to undo it, and nothing else.
internal static class SmsReplies
{
    public static string? For(InboundSms.Done done, InboundSmsOptions options)
    {
        var said = done.Intent switch
        {
            SmsIntent.OptOut or SmsIntent.Review => Pick(done.Locale,
                "You get no more texts from us. Reply START to get them again.",
                "Sie erhalten keine SMS mehr von uns. Mit START erhalten Sie sie wieder.",
                "더 이상 문자를 보내지 않습니다. 다시 받으려면 START라고 답장하세요."),
            SmsIntent.OptIn => Pick(done.Locale,
                "You get texts from us again. Reply STOP to end them, HELP for help. Message and data rates may apply.",
                "Sie erhalten wieder SMS von uns. STOP beendet sie, HELP hilft weiter.",
                "문자를 다시 보내 드립니다. 중단하려면 STOP, 도움이 필요하면 HELP라고 답장하세요."),
            SmsIntent.Help => Pick(done.Locale,
                $"{Contact(options, "Help: {0}. ")}Reply STOP to get no more texts. Message and data rates may apply.",
                $"{Contact(options, "Hilfe: {0}. ")}Mit STOP erhalten Sie keine SMS mehr.",
                $"{Contact(options, "도움말: {0}. ")}문자를 그만 받으려면 STOP이라고 답장하세요."),
            SmsIntent.None => null,
        };
        return said is null ? null : string.IsNullOrEmpty(options.ProgramName) ? said : $"{options.ProgramName}: {said}";
    }

    public static string TwiML(string? reply) =>
        reply is null ? "<Response/>" : $"<Response><Message>{SecurityElement.Escape(reply)}</Message></Response>";

    private static string Contact(InboundSmsOptions options, string form) =>
        string.IsNullOrEmpty(options.HelpContact) ? "" : form.Replace("{0}", options.HelpContact, StringComparison.Ordinal);

    private static string Pick(string? locale, string english, string german, string korean) => locale?.Split('-', '_')[0].ToLowerInvariant() switch
    {
        "de" => german,
        "ko" => korean,
        _ => english,
    };
}
