namespace NotificationServer.Templates;

/// Variables that the server fills in from the profile of whoever the message goes to: `{{user.first_name}}`, `{{user.country}}`.
internal static class PersonVariables
{
    public const string Root = "user";
    public const string Id = "id";
    public const string Locale = "locale";
    public const string TimeZone = "time_zone";
    public const string Country = "country";
    public const string Attributes = "attributes";

    /// What a text mentions to speak of the person as such.
    public static readonly IReadOnlyList<string> Offered = [$"{Root}.{Id}", $"{Root}.{Locale}", $"{Root}.{TimeZone}", $"{Root}.{Country}"];

    /// Of the person, so that no caller need give it. The word `user` alone is the caller's, as any other is.
    public static bool Contains(string path) => path.Length > Root.Length + 1 && path[Root.Length] == '.' && path.StartsWith(Root, StringComparison.Ordinal);

    /// The profile is needed to say this: `{{#with user}}` asks for it too.
    public static bool Touches(string path) => path == Root || Contains(path);
}
