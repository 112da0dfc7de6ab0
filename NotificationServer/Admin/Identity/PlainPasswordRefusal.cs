using Microsoft.AspNetCore.Identity;

namespace NotificationServer.Admin.Identity;

/// No composition rules; only what a guesser tries first is refused.
internal sealed class PlainPasswordRefusal : IPasswordValidator<StaffMember>
{
    private const int MostCharacters = 256;              // hashing is slow on purpose: nobody may make it slower

    public Task<IdentityResult> ValidateAsync(UserManager<StaffMember> manager, StaffMember user, string? password)
    {
        var name = user.Email?.Split('@')[0];
        return Task.FromResult(password switch
        {
            null => IdentityResult.Success,              // the length rule speaks
            { Length: > MostCharacters } => Refuse($"Use at most {MostCharacters} characters."),
            _ when password.Distinct().Count() < 6 => Refuse("Use more than five different characters."),
            _ when name is { Length: > 3 } && password.Replace(name, "", StringComparison.OrdinalIgnoreCase).Length < 12
                => Refuse("Do not build it from your address."),
            _ when CommonPasswords.Has(password) => Refuse("Guessers try this one early. Take a few words that do not belong together."),
            _ => IdentityResult.Success,
        });
    }

    private static IdentityResult Refuse(string why) =>
        IdentityResult.Failed(new IdentityError { Code = "PasswordIsPlain", Description = why });
}
