using System.Buffers;

namespace NotificationServer.Admin.Pages.Inbox;

/// How an SMS is cut and paid for: 160 characters of the GSM alphabet or 70 UTF-16 units, less when it takes several parts.
internal readonly record struct SmsSize(string Alphabet, int Units, int Segments)
{
    private static readonly SearchValues<char> Gsm = SearchValues.Create(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
        + GsmExtended);

    private const string GsmExtended = "\f^{}\\[~]|€";

    public static SmsSize Of(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Gsm)) return Cut("Unicode", text.Length, 70, 67);
        return Cut("GSM-7", text.Length + text.Count(GsmExtended.Contains), 160, 153); // the extended ones are sent as two
    }

    private static SmsSize Cut(string alphabet, int units, int alone, int inParts) =>
        new(alphabet, units, units <= alone ? 1 : (units + inParts - 1) / inParts);
}
