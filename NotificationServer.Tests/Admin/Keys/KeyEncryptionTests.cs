using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Keys;

[Bar("S34")]
public sealed class KeyEncryptionTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task What_one_node_protects_another_can_read()
    {
        var here = server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("hello");
        await using var node = server.AnotherNode("Production");
        var there = node.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
        Assert.Equal("hello", there.Unprotect(here));
    }

    [Fact]
    public async Task The_keys_in_the_database_are_not_readable_and_not_changeable()
    {
        server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("hello");
        await using var connection = await server.Db.OpenConnectionAsync();
        var stored = await connection.QuerySingleAsync<string>("select xml from data_protection_keys");
        Assert.Contains("<aes256gcm", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", stored, StringComparison.OrdinalIgnoreCase);

        var element = System.Xml.Linq.XElement.Parse(stored).Descendants("aes256gcm").Single();
        var bytes = Convert.FromBase64String(element.Value);
        bytes[^1] ^= 1;
        element.Value = Convert.ToBase64String(bytes);

        var decryptor = new NotificationServer.Admin.Keys.KeyDecryptor(server.Services);
        Assert.ThrowsAny<CryptographicException>(() => decryptor.Decrypt(element));
    }
}
