using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Templates;

internal sealed class TemplatesOptions
{
    public const string Section = "Templates";

    /// How long a node may go on using the version that was published before.
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan PublishedMaxAge { get; set; } = TimeSpan.FromSeconds(2);

    /// Compiled versions kept in memory; beyond that the cache starts anew.
    [Range(1, 1_000_000)]
    public int CachedVersions { get; set; } = 5_000;

    /// What templates that do not say so are written in: dates and numbers in them are told that way. BCP 47.
    [RegularExpression("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")]
    public string DefaultLocale { get; set; } = "en";
}
