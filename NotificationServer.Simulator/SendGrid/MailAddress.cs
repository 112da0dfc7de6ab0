using System.Text.RegularExpressions;

namespace NotificationServer.Simulator.SendGrid;

internal static partial class MailAddress
{
    public static bool Valid(string address) => address.Length <= 254 && Grammar().IsMatch(address);

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$")]
    private static partial Regex Grammar();
}
