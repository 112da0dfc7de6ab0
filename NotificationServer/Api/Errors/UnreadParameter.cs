using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace NotificationServer.Api.Errors;

/// Answers for a request that got a status and no words. The generated binding of an optional parameter says 400 and no more, where it
/// throws for any other (https://learn.microsoft.com/aspnet/core/fundamentals/aot/request-delegate-generator): which it was is found again.
internal static class UnreadParameter
{
    public static Problem ProblemFor(HttpContext http) =>
        http.Response.StatusCode == StatusCodes.Status400BadRequest && NameIn(http) is { } name
            ? Problems.InvalidParameter($"query:{name}", "invalid", $"query:{name} has a form that is not known here")
            : Problems.OfStatus(http.Response.StatusCode);

    private static string? NameIn(HttpContext http) =>
        (from parameter in http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? []
         where parameter is { HasTryParse: true, IsOptional: true }
         let name = parameter.ParameterInfo.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name
         where http.Request.Query[name] is [{ Length: > 0 } text] && !IsRead(text, parameter.ParameterInfo.ParameterType)
         select name).FirstOrDefault();

    private static bool IsRead(string text, Type type) => Nullable.GetUnderlyingType(type) switch
    {
        { } number when number == typeof(int) => int.TryParse(text, CultureInfo.InvariantCulture, out _),
        { } flag when flag == typeof(bool) => bool.TryParse(text, out _),
        { } time when time == typeof(DateTimeOffset) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        _ => true,
    };
}
