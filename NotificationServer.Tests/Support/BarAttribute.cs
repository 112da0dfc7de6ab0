using Xunit.Abstractions;
using Xunit.Sdk;

namespace NotificationServer.Tests.Support;

/// The lines of the security bar (S01 to S40) and of the catalogue of bad inputs (B01 to B60) that a test holds. docs/security.md lists them;
/// `./test security` runs all such tests, `./test S08 B57` those of two lines.
[TraitDiscoverer("NotificationServer.Tests.Support.BarDiscoverer", "NotificationServer.Tests")]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class BarAttribute(params string[] lines) : Attribute, ITraitAttribute
{
    public const string Trait = "Bar";

    public IReadOnlyList<string> Lines => lines;
}

public sealed class BarDiscoverer : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) => traitAttribute.GetConstructorArguments()
        .SelectMany(argument => argument as IEnumerable<object> ?? [argument]).OfType<string>()
        .Select(line => KeyValuePair.Create(BarAttribute.Trait, line))
        .Append(KeyValuePair.Create("Category", "security"));
}
