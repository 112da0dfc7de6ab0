using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Channels.Push.Fcm;

internal sealed class FcmOptions : VendorOptions
{
    public const string Section = "Channels:Fcm";

    [Required] public Uri BaseAddress { get; init; } = new("https://fcm.googleapis.com");
    /// The JSON file of a service account that may send (scope firebase.messaging); it names the project and the token endpoint.
    public string? ServiceAccountFile { get; init; }

    protected override string SectionName => Section;
    protected override Uri Address => BaseAddress;
    protected override IReadOnlyList<Setting> Settings => [new(nameof(ServiceAccountFile), ServiceAccountFile, IsFile: true)];

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext)) yield return problem;
        if (IsConfigured && File.Exists(ServiceAccountFile) && ServiceAccount.Problem(ServiceAccountFile) is { } wrong)
            yield return new($"{Section}:{nameof(ServiceAccountFile)}: {wrong}");
    }
}
