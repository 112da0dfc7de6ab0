using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Hangfire.PostgreSql;

namespace NotificationServer.Tests.Queue.Hangfire;

/// The released Hangfire.PostgreSql was compiled against Npgsql 6, and runs here with the server's.
public sealed class NpgsqlBindingTests
{
    [Fact]
    public void Every_member_of_npgsql_that_hangfire_was_compiled_against_is_there()
    {
        var module = typeof(PostgreSqlStorage).Assembly.ManifestModule;
        using var file = new PEReader(File.OpenRead(module.Assembly.Location));
        var facts = file.GetMetadataReader();

        var used = (from handle in facts.MemberReferences
                    let parent = facts.GetMemberReference(handle).Parent
                    where parent.Kind == HandleKind.TypeReference
                    let scope = facts.GetTypeReference((TypeReferenceHandle)parent).ResolutionScope
                    where scope.Kind == HandleKind.AssemblyReference && facts.GetString(facts.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == "Npgsql"
                    select MetadataTokens.GetToken(handle)).ToList();

        Assert.NotEmpty(used);
        // Throws for one that is missing or has another signature by now.
        Assert.All(used, token => Assert.NotNull(module.ResolveMember(token)));
    }
}
