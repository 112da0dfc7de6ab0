using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace NotificationServer.Tests.Admin.Identity.Company;

/// An OpenID Connect provider on loopback: discovery, keys, the code flow with PKCE, signed tokens. Whoever comes is let in as
/// <see cref="Says"/>, and it can lie in the ways that a client must notice.
public sealed class CompanyProvider : IAsyncLifetime
{
    public const string ClientId = "notify";
    public const string Secret = "a secret between two servers";

    private readonly RSA key = RSA.Create(2048);
    private readonly RSA strange = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, IQueryCollection> codes = new();
    private WebApplication app = null!;                  // xunit calls InitializeAsync before any test

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()); // it listens

    /// The claims of who comes next.
    internal Dictionary<string, object> Says { get; set; } = [];

    internal string? Lie { get; set; }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => new
        {
            issuer = Issuer, authorization_endpoint = $"{Issuer}/authorize", token_endpoint = $"{Issuer}/token", jwks_uri = $"{Issuer}/keys",
            response_types_supported = new[] { "code" }, subject_types_supported = new[] { "public" }, id_token_signing_alg_values_supported = new[] { "RS256" },
        });
        app.MapGet("/keys", () =>
        {
            var open = key.ExportParameters(includePrivateParameters: false);
            return new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64UrlEncoder.Encode(open.Modulus), e = Base64UrlEncoder.Encode(open.Exponent) } } };
        });
        app.MapGet("/authorize", (HttpRequest request) =>
        {
            var code = RandomNumberGenerator.GetHexString(32);
            codes[code] = request.Query;
            return Results.Redirect(QueryHelpers.AddQueryString(request.Query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = request.Query["state"] }));
        });
        app.MapPost("/token", TokenAsync);
        await app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
        strange.Dispose();
    }

    private string Issuer => Address.ToString().TrimEnd('/');

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!codes.TryRemove(form["code"].ToString(), out var asked)
            || form["client_id"] != ClientId || form["client_secret"] != Secret || form["redirect_uri"] != asked["redirect_uri"]
            || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != asked["code_challenge"])
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);

        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Lie == "issuer" ? "http://127.0.0.1:1" : Issuer,
            Audience = Lie == "audience" ? "somebody-else" : ClientId,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(Lie == "expiry" ? -60 : 5),
            NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2),
            IssuedAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2),
            Claims = new Dictionary<string, object>(Says) { ["nonce"] = Lie == "nonce" ? "another" : asked["nonce"].ToString() },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(Lie == "key" ? strange : key) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        });
        if (Lie == "signature") token = token[..token.LastIndexOf('.')] + ".";
        return Results.Json(new { access_token = "none", token_type = "Bearer", expires_in = 300, id_token = token });
    }
}
