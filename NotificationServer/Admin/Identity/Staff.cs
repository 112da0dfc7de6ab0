namespace NotificationServer.Admin.Identity;

/// How a person stands in the audit log.
internal static class Staff
{
    public static string Actor(StaffMember person) => $"staff:{person.UserName}";

    public static string Target(StaffMember person) => Target(person.Email);

    public static string Target(string? email) => $"staff:{email}";
}

/// Two changes of one person met; the second is not made. The page says so and shows how things are now.
internal sealed class StaffChangedMeanwhileException() : Exception("The person was changed by somebody else meanwhile.");
