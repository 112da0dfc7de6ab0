using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Architecture;

public sealed partial class SecretsTests(ServerHost server) : IClassFixture<ServerHost>
{
    /// Compared by what they are, not with something that a caller must not find out letter by letter.
    private static readonly string[] Public = ["NotificationServer/Notifications/", "NotificationServer/Platform/Migrat", "NotificationServer/Delivery/Gate.cs"];

    [Fact]
    [Bar("S04")]
    public void What_a_caller_must_not_guess_is_compared_in_constant_time()
    {
        var found = from file in Source.Files("NotificationServer", ".cs")
                    where !Public.Any(open => file.StartsWith(open, StringComparison.Ordinal))
                    from Match match in Comparison().Matches(Source.Read(file))
                    select $"{file}: {match.Value} (use CryptographicOperations.FixedTimeEquals)";

        Violations.None(found);
        Assert.Single(Comparison().Matches("if (given.Signature == expected)"));
        Assert.Single(Comparison().Matches("key.Digest.AsSpan().SequenceEqual(other)"));
        Assert.Empty(Comparison().Matches("secret is null || digest.Length == 32"));
    }

    [Fact]
    [Bar("S09")]
    public void Nothing_that_the_database_keeps_is_filled_in_by_a_request()
    {
        var kept = new List<Type>();
        for (var type = typeof(AdminDb).BaseType; type is not null; type = type.BaseType) kept.AddRange(type.GetGenericArguments());
        var bound = typeof(AdminDb).Assembly.GetTypes().SelectMany(type => type.GetProperties()).Where(property => property.IsDefined(typeof(BindPropertyAttribute)))
            .Select(property => property.PropertyType);
        var handled = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.SelectMany(endpoint => endpoint.Metadata.OfType<MethodInfo>())
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType);

        Assert.Contains(typeof(StaffMember), kept);
        Assert.NotEmpty(bound);
        Assert.NotEmpty(handled);
        Violations.None(bound.Concat(handled).Where(kept.Where(type => type.IsClass).Contains).Select(type => type.FullName));
    }

    [GeneratedRegex(@"\b\w*(Digest|Signature|Mac|Token|Secret|Otp|RecoveryCode)(\.AsSpan\(\)|\.Value)?(\s*[!=]=\s*(?!null|default|""|'|0|\w+Kind)|\.SequenceEqual\()[^;\n]{0,40}", RegexOptions.IgnoreCase)]
    private static partial Regex Comparison();
}
