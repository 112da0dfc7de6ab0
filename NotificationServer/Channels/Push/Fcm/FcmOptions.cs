using System.ComponentModel.DataAnnotations;
using System.Text;

namespace NotificationServer.Channels.Push.Fcm;

internal sealed class FcmOptions : VendorOptions
{
    public const string Section = "Channels:Fcm";

    [Required] public Uri BaseAddress { get; init; } = new("https://fcm.googleapis.com");
    /// The JSON file of a service account that may send (scope firebase.messaging); it names the project and the token endpoint.
    public string? ServiceAccountFile { get; init; }
    /// The content of that file itself, where there is no place for a file.
    [Secret] public string? ServiceAccountJson { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings =>
        [IsSet(ServiceAccountJson) ? new(nameof(ServiceAccountJson), ServiceAccountJson) : new(nameof(ServiceAccountFile), ServiceAccountFile, IsFile: true)];

    /// Only of settings that are valid.
    public ServiceAccount Account() =>
        ServiceAccount.Read(IsSet(ServiceAccountJson) ? Encoding.UTF8.GetBytes(ServiceAccountJson!) : File.ReadAllBytes(ServiceAccountFile!));

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext)) yield return problem;
        if ((IsSet(ServiceAccountJson) || File.Exists(ServiceAccountFile)) && ServiceAccount.Problem(Account) is { } wrong)
            yield return new($"{Section}:{(IsSet(ServiceAccountJson) ? nameof(ServiceAccountJson) : nameof(ServiceAccountFile))}: {wrong}");
    }
}
