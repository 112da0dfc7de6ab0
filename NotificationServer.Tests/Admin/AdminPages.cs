using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NotificationServer.Admin.Web;

namespace NotificationServer.Tests.Admin;

/// A page of the admin app as it is: its path, whom its attributes let read and write, and what can be posted to it.
internal sealed record AdminPage(string Path, string Example, bool IsOpen, string[] Readers, string[] Writers, string[] Posts, string[] ReadingPosts)
{
    /// Whom the attributes let post to the handler.
    public string[] PostersOf(string handler) => ReadingPosts.Contains(handler) ? Readers : Writers;

    public static async Task<IReadOnlyList<AdminPage>> AllAsync(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AuthorizationOptions>>().Value;
        var loader = services.GetRequiredService<PageLoader>();
        var pages = new List<AdminPage>();
        foreach (var endpoint in EndpointsOf(services))
        {
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } descriptor) continue;
            var page = await loader.LoadAsync(descriptor, endpoint.Metadata);
            var metadata = page.Endpoint?.Metadata ?? endpoint.Metadata;
            var readers = RolesOf(options, [.. metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy)]);
            var writing = metadata.GetMetadata<WritersAttribute>();
            pages.Add(new AdminPage(
                PathOf(endpoint), ExampleOf(endpoint.RoutePattern), metadata.GetMetadata<IAllowAnonymous>() is not null,
                readers, writing is null ? readers : [.. readers.Intersect(RolesOf(options, [writing.Policy]))],
                [.. page.HandlerMethods.Where(handler => handler.HttpMethod.Equals("POST", StringComparison.OrdinalIgnoreCase)).Select(handler => handler.Name ?? "")],
                [.. writing?.Reading ?? []]));
        }
        return pages;
    }

    public static IReadOnlyList<RouteEndpoint> EndpointsOf(IServiceProvider services) =>
    [
        .. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => PathOf(endpoint) is var path && (path == "/admin" || path.StartsWith("/admin/", StringComparison.Ordinal))),
    ];

    public static string PathOf(RouteEndpoint endpoint) => "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/');

    private static string[] RolesOf(AuthorizationOptions options, string?[] policies)
    {
        IEnumerable<string> roles = NotificationServer.Admin.Identity.Roles.All;
        foreach (var requirement in policies.OfType<string>().SelectMany(name => options.GetPolicy(name)?.Requirements ?? []))
            if (requirement is Microsoft.AspNetCore.Authorization.Infrastructure.RolesAuthorizationRequirement held) roles = roles.Intersect(held.AllowedRoles);
        return [.. roles];
    }

    /// A path that fits the pattern and names nothing that exists.
    private static string ExampleOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments
        .Where(segment => !segment.Parts.OfType<RoutePatternParameterPart>().Any(part => part.IsOptional || part.IsCatchAll))
        .Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => ValueOf(parameter.ParameterPolicies.Select(policy => policy.Content).FirstOrDefault()),
            _ => "",
        }))));

    private static string ValueOf(string? policy) => policy switch
    {
        null => "no-such-thing",
        "guid" => Guid.Empty.ToString(),
        "int" or "long" => "1",
        _ when policy.StartsWith("length(", StringComparison.Ordinal) => new string('x', int.Parse(policy[7..^1], CultureInfo.InvariantCulture)),
        _ when policy.StartsWith("regex(^(", StringComparison.Ordinal) => policy[8..].Split('|', ')')[0], // the first of the words that it takes
        _ => throw new NotSupportedException($"Say here what fits a parameter of the kind {policy}."),
    };
}
