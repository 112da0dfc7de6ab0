using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Admin.Identity.Company;

/// Signing in with the company's own accounts, by OpenID Connect. On as soon as there is an authority.
internal sealed class CompanySignInOptions : IValidatableObject
{
    public const string Section = "Admin:OpenIdConnect";

    /// The address under which `/.well-known/openid-configuration` is found.
    public Uri? Authority { get; set; }

    public string? ClientId { get; set; }

    /// Comes from the environment, never from a file that is checked in.
    public string? ClientSecret { get; set; }

    /// The file that holds the secret, instead of <see cref="ClientSecret"/>.
    public string? ClientSecretFile { get; set; }

    /// What the button says: "Sign in with ...".
    [StringLength(60)]
    public string DisplayName { get; set; } = "single sign-on";

    /// Asked for beside `openid`, `profile` and `email`.
    public string[] Scopes { get; set; } = [];

    /// The claim whose values <see cref="CompanyGrant.Claim"/> names: `groups`, `roles`.
    public string? RoleClaim { get; set; }

    /// Whether an address counts although the provider does not say that it is verified. Only for providers where people
    /// cannot choose their own.
    public bool TrustAddresses { get; set; }

    /// Who gets which role; nobody else comes in.
    public CompanyGrant[] Grants { get; set; } = [];

    public bool IsOn => Authority is not null;

    public string? Secret() => ClientSecretFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : ClientSecret;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn) yield break;
        if (!Authority!.IsAbsoluteUri || (Authority.Scheme != Uri.UriSchemeHttps && !Authority.IsLoopback)) // IsOn
            yield return new($"{Section}:{nameof(Authority)} must be an https address");
        if (string.IsNullOrEmpty(ClientId)) yield return new($"{Section}:{nameof(ClientId)} is missing");
        if (ClientSecretFile is { Length: > 0 } && !File.Exists(ClientSecretFile)) yield return new($"The file of {Section}:{nameof(ClientSecretFile)} is not there");
        if (Grants.Length == 0) yield return new($"{Section}:{nameof(Grants)} is empty: nobody could come in");
        foreach (var grant in Grants)
        {
            if (!Roles.All.Contains(grant.Role)) yield return new($"{Section}:{nameof(Grants)}: there is no role {grant.Role}");
            if (string.IsNullOrEmpty(grant.Email) == string.IsNullOrEmpty(grant.Claim)) yield return new($"{Section}:{nameof(Grants)}: each has either an Email or a Claim");
            if (grant.Claim is { Length: > 0 } && string.IsNullOrEmpty(RoleClaim)) yield return new($"{Section}:{nameof(RoleClaim)} must say which claim the grants mean");
        }
    }
}

/// A role for an address (`ada@example.org`), for everybody of a domain (`@example.org`), or for a value of the role claim.
internal sealed class CompanyGrant
{
    public string? Email { get; set; }
    public string? Claim { get; set; }
    public string Role { get; set; } = "";
}
