using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using NotificationServer.Platform;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Platform;

[Bar("S35")]
public sealed class DatabaseAddressTests : IAsyncDisposable
{
    private readonly EmbeddedPostgres unused = new(new DataDirectory(Path.GetTempPath()), TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);

    public ValueTask DisposeAsync() => unused.DisposeAsync();

    [Theory]
    [InlineData("Host=db.example.org", true)]
    [InlineData("Host=127.0.0.1,db2.example.org:5433;SSL Mode=Require", true)]
    [InlineData("Host=db.example.org;SSL Mode=VerifyFull", false)]
    [InlineData("Host=127.0.0.1", false)]
    [InlineData("Host=/var/run/postgresql", false)]
    public void A_connection_over_a_network_that_nobody_verifies_is_warned_of(string address, bool warned)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Default", address)]).Build();

        Assert.Equal(warned, new DatabaseAddress(configuration, unused).IsUnverified);
    }
}
