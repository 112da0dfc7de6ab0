using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Api.Auth;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Auth;

[Bar("S01", "B58")]
public sealed class EveryEndpointTests(ServerHost server) : IClassFixture<ServerHost>
{
    /// May be called by anyone. At most five, ever.
    private static readonly string[] Open = ["/healthz/live", "/healthz/ready", "/openapi/{documentName}.json", "/{**path:file}"];

    // The admin app has a sign-in page and style sheets, and tests of its own.
    private IEnumerable<RouteEndpoint> Endpoints => server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => !Path(e).StartsWith("/admin", StringComparison.Ordinal) && e.Metadata.GetMetadata<StaticAssetDescriptor>() is null);

    private IEnumerable<RouteEndpoint> Api => Endpoints.Where(e => Path(e).StartsWith("/v1/", StringComparison.Ordinal));

    [Fact]
    public void Only_the_listed_endpoints_are_open()
    {
        var open = Endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null || e.Metadata.GetMetadata<IAuthorizeData>() is null && e.Metadata.GetMetadata<AuthorizationPolicy>() is null)
            .Select(Path).Distinct();

        Assert.True(Open.Length <= 5);
        Assert.Empty(open.Except(Open));
    }

    [Fact]
    public void Every_endpoint_of_the_api_names_its_scope() =>
        Assert.All(Api, e => Assert.True(e.Metadata.GetMetadata<ScopeRequirement>() is { } r && Scopes.All.Contains(r.Scope), Path(e)));

    [Fact]
    public async Task Without_a_key_all_are_401_and_with_a_key_without_scopes_403()
    {
        var (nobody, powerless) = (server.ClientFor(null), await server.ClientWithAsync());
        Assert.NotEmpty(Api);
        foreach (var (call, body) in Api.SelectMany(Calls))
        {
            await nobody.RefusesAsync(call, body, 401, "invalid_key");
            await powerless.RefusesAsync(call, body, 403, "missing_scope");
        }
    }

    [Fact]
    [Bar("S06")]
    public async Task A_scope_opens_its_own_endpoints_and_no_others()
    {
        foreach (var scope in Scopes.All)
        {
            var client = await server.ClientWithAsync(scope);
            foreach (var endpoint in Api)
            {
                var needed = endpoint.Metadata.GetOrderedMetadata<ScopeRequirement>().Select(r => r.Scope).ToArray();
                foreach (var (call, body) in Calls(endpoint))
                {
                    using var response = await client.SendAsync(call, body);
                    Assert.True((int)response.StatusCode < 500, $"{call}: {response.StatusCode}");
                    if (needed.All(n => n == scope))
                        Assert.NotEqual(403, (int)response.StatusCode);
                    else
                        Assert.Contains(needed.First(n => n != scope), (await ProblemAssert.IsAsync(response, 403, "missing_scope")).GetProperty("detail").GetString(), StringComparison.Ordinal);
                }
            }
        }
    }

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText?.TrimStart('/');

    private static IEnumerable<(string Call, string? Body)> Calls(RouteEndpoint endpoint)
    {
        var path = string.Concat(endpoint.RoutePattern.PathSegments.Select(s => "/" + string.Concat(s.Parts.Select(p => p is RoutePatternParameterPart ? "x1" : p is RoutePatternLiteralPart l ? l.Content : ""))));
        var body = endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is null ? null : "{}";
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => ($"{method} {path}", body));
    }
}
