using NotificationServer.Api.Errors;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Users;

/// From what a caller says of a person to what is stored, or to all that is wrong with it.
internal static class UserRules
{
    public static UserProfile Check(PutUser.Request request, PhonePolicy phones, FieldErrors errors) => ProfileRules.Check(
        new GivenProfile(request.Email, request.Phone, request.Locale, request.TimeZone, request.Country, request.Attributes, request.Tags), phones, errors.Add);

    /// At: where in the body they stand.
    public static void CheckPlace(string? locale, string? timeZone, FieldErrors errors, string at = "") =>
        ProfileRules.CheckPlace(locale, timeZone, errors.Add, at);
}
