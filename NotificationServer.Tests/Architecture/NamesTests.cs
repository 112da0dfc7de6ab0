using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Architecture;

public sealed partial class NamesTests
{
    private static readonly string[] BannedSuffixes =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Service", "Services", "Impl", "Base", "Common", "Extensions", "Dto"];

    private static readonly string[] CodeThatTemplatesCouldRun =
        ["RazorLight", "RazorEngine", "RazorEngineCore", "Westwind.RazorHosting", "Microsoft.CodeAnalysis.CSharp.Scripting", "Microsoft.CodeAnalysis.Scripting", "Microsoft.AspNetCore.Mvc.Razor.RuntimeCompilation"];

    [Fact]
    public void No_type_has_a_name_that_admits_anything()
    {
        var violations = from type in typeof(Template).Assembly.GetTypes()
                         where type.Namespace?.StartsWith("NotificationServer", StringComparison.Ordinal) == true && !IsGenerated(type)
                         let name = type.Name.Split('`')[0]
                         where !typeof(ITagHelper).IsAssignableFrom(type) // the framework's own word
                         where BannedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal))
                         select type.FullName;

        Violations.None(violations);
    }

    [Fact]
    public void What_is_not_part_of_HTTP_is_internal()
    {
        var violations = from type in typeof(Template).Assembly.GetExportedTypes()
                         let place = type.Namespace ?? ""
                         where place.StartsWith("NotificationServer", StringComparison.Ordinal) && !IsGenerated(type)
                         where !place.StartsWith("NotificationServer.Api", StringComparison.Ordinal) && !place.StartsWith("NotificationServer.Admin", StringComparison.Ordinal)
                         select type.FullName;

        Violations.None(violations);
    }

    [Theory]
    [InlineData(@"Html\.Raw\b|\bMarkupString\b|\bnew HtmlString\b", "a view prints text; markup is never taken from data")]
    [InlineData(@"DangerousAcceptAny|ServerCertificateCustomValidationCallback|RemoteCertificateValidationCallback\s*=\s*\([^)]*\)\s*=>\s*true|CheckCertificateRevocationList\s*=\s*false", "TLS is always verified")]
    [InlineData(@"Trust\s*Server\s*Certificate\s*=\s*true", "TLS is always verified")]
    [InlineData(@"#pragma warning disable(?![^\n]*//)|#region", "a rule is switched off in .editorconfig, or with its reason on the line")]
    [InlineData(@"\bTODO\b(?!\(#\d)", "a note without an issue number is forgotten")]
    [Bar("S26", "S35")]
    public void The_source_does_not_contain(string pattern, string because)
    {
        var found = from project in new[] { "NotificationServer", "NotificationServer.Simulator" }
                    from file in Source.Files(project, ".cs", ".cshtml", ".json")
                    where Regex.IsMatch(Source.Read(file), pattern, RegexOptions.IgnoreCase)
                    select $"{file}: {because}";

        Violations.None(found);
    }

    [Fact]
    [Bar("S28")]
    public void No_package_can_compile_code_at_run_time_out_of_a_template()
    {
        var restored = from file in Source.Files("", ".json").Where(f => f.EndsWith("packages.lock.json", StringComparison.Ordinal))
                       from package in CodeThatTemplatesCouldRun
                       where Source.Read(file).Contains($"\"{package}\"", StringComparison.OrdinalIgnoreCase)
                       select $"{file}: {package}";
        var named = from file in Source.Files("", ".csproj", ".props")
                    from reference in XDocument.Parse(Source.Read(file)).Descendants()
                    where reference.Name.LocalName is "PackageReference" or "PackageVersion"
                    let package = (string?)reference.Attribute("Include") ?? ""
                    where CodeThatTemplatesCouldRun.Any(bad => package.StartsWith(bad, StringComparison.OrdinalIgnoreCase))
                    select $"{file}: {package}";

        Violations.None(restored);
        Violations.None(named);
    }

    [Fact]
    public void Every_place_that_the_README_names_exists()
    {
        Assert.True(File.Exists(Path.Combine(Source.Root, "README.md")), "there is no README.md");
        var missing = from Match link in Link().Matches(Source.Read("README.md"))
                      let target = link.Groups[1].Value.Split('#')[0]
                      where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
                      where !Path.Exists(Path.Combine(Source.Root, target))
                      select target;

        Violations.None(missing);
    }

    private static bool IsGenerated(Type type) =>
        type.FullName!.Contains('<', StringComparison.Ordinal) || type.FullName.Contains("AspNetCoreGenerated", StringComparison.Ordinal) // never a generic parameter
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
