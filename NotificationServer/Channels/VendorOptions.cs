using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels;

/// A vendor's settings, from configuration or from an account that a person added. From configuration: none of them and it is not
/// used, all of them and it is, some of them and the server does not start.
/// A base class, against our habit, so that this rule is written once and no vendor can forget a part of it.
internal abstract class VendorOptions : IValidatableObject
{
    protected internal readonly record struct Setting(string Name, string? Value, bool IsFile = false);

    public virtual bool IsConfigured => Settings.Any(setting => IsSet(setting.Value));

    /// Somebody asked for this account: then nothing at all is too little.
    internal bool IsWanted { get; set; }

    protected abstract string SectionName { get; }
    protected abstract Uri Address { get; }
    /// Those that must all be there.
    protected abstract IReadOnlyList<Setting> Settings { get; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured && !IsWanted) yield break;
        foreach (var setting in Settings)
        {
            string[] member = [setting.Name.Split(' ')[0]];
            if (!IsSet(setting.Value)) yield return new($"{SectionName}:{setting.Name} is missing (other settings of {SectionName} are there)", member);
            else if (setting.IsFile && !File.Exists(setting.Value)) yield return new($"{SectionName}:{setting.Name}: there is no such file", member);
        }
        if (Address is { } address && address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
            yield return new($"{SectionName}:BaseAddress must be https", ["BaseAddress"]);
    }

    protected static bool IsSet(string? value) => !string.IsNullOrWhiteSpace(value);
}
