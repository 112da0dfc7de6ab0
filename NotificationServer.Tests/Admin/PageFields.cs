using System.Reflection;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace NotificationServer.Tests.Admin;

/// The names of all that a page reads from its address or its form, as a browser would send them.
internal static class PageFields
{
    private const int Deepest = 3;

    public static async Task<IReadOnlyDictionary<string, string[]>> AllAsync(IServiceProvider services)
    {
        var loader = services.GetRequiredService<PageLoader>();
        var fields = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var endpoint in AdminPage.EndpointsOf(services))
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } descriptor) continue;
            var page = await loader.LoadAsync(descriptor, endpoint.Metadata);
            var bound = page.BoundProperties.Select(one => (Name: one.BindingInfo?.BinderModelName ?? one.Name, one.ParameterType))
                .Concat(page.HandlerMethods.SelectMany(handler => handler.Parameters).Select(one => (Name: one.BindingInfo?.BinderModelName ?? one.Name, one.ParameterType)));
            fields[AdminPage.PathOf(endpoint)] = [.. bound.SelectMany(one => NamesOf(one.Name, one.ParameterType, 0)).Distinct(StringComparer.OrdinalIgnoreCase)];
        }
        return fields;
    }

    private static IEnumerable<string> NamesOf(string name, Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(CancellationToken) || type.Name.StartsWith("IFormFile", StringComparison.Ordinal)) return [];
        if (IsSimple(type)) return [name];
        if (type.IsGenericType && type.GetGenericArguments() is [var key, _] && key == typeof(string)) return [$"{name}[a]"];
        if (ElementOf(type) is { } element) return IsSimple(element) ? [name] : NamesOf($"{name}[0]", element, depth + 1);
        if (depth == Deepest) return [];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null)
            .SelectMany(property => NamesOf($"{name}.{property.Name}", property.PropertyType, depth + 1));
    }

    private static bool IsSimple(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || System.ComponentModel.TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static Type? ElementOf(Type type) => type.IsArray ? type.GetElementType()
        : type.GetInterfaces().Append(type).FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
}
