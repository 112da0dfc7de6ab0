using System.Text;

namespace NotificationServer.Channels.Wire;

internal static class BasicAuthorization
{
    public static string Header(string user, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"));
}
