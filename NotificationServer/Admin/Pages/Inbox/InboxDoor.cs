using System.Security.Claims;
using NotificationServer.Admin.Pages.Messages;

namespace NotificationServer.Admin.Pages.Inbox;

/// In Development the inbox is looked at all day, and what lies in it was said to nobody. Elsewhere it may hold sign-in codes and links that let
/// somebody in: then it only names the messages, to who may read what was said, and each is opened as every other is (<see cref="ContentDoor"/>).
internal static class InboxDoor
{
    public static bool MayLook(IHostEnvironment environment, ClaimsPrincipal person) => environment.IsDevelopment() || ContentDoor.MayAsk(person);

    public static bool ShowsWords(IHostEnvironment environment) => environment.IsDevelopment();
}
