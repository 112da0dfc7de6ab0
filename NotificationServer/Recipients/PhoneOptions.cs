namespace NotificationServer.Recipients;

/// Which numbers may be sent to. Longer prefixes outweigh shorter ones: "+1" allowed and "+1900" refused is North America without its
/// premium numbers.
internal sealed class PhoneOptions
{
    public const string Section = "Phones";

    /// Beginnings of E.164 numbers, as "+41"; empty: every country.
    public string[] AllowedPrefixes { get; init; } = [];

    /// Beginnings that are refused all the same.
    public string[] RefusedPrefixes { get; init; } = [];

    public bool IsSound => AllowedPrefixes.Concat(RefusedPrefixes).All(prefix =>
        prefix is ['+', >= '1' and <= '9', ..] && prefix.Length <= 16 && prefix.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
}
