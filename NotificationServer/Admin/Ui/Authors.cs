namespace NotificationServer.Admin.Ui;

/// `staff:ada@example.org` and `client:shop` are who did it, for the audit log; people read the name.
internal static class Authors
{
    public static string Of(string? name) => $"staff:{name}";

    public static string Name(string actor) => actor.Split(':', 2) switch
    {
        ["client", var client] => $"{client} (service)",
        ["staff", var address] => address,
        _ => actor,
    };
}
