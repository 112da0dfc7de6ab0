using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Platform;
using NotificationServer.Tests.Architecture;

namespace NotificationServer.Tests.Channels.Example;

/// The vendor of docs/adding-a-provider.md does what the page says, and the page shows what is here.
public sealed partial class PostbirdTests
{
    [Theory]
    [InlineData(201, """{"id":"pb-1"}""", SendStatus.Accepted, null)]
    [InlineData(201, "<html>", SendStatus.Unknown, "unreadable_answer")]
    [InlineData(400, """{"error":"no_such_number"}""", SendStatus.AddressDead, "no_such_number")]
    [InlineData(402, "", SendStatus.Misconfigured, "no_credit")]
    [InlineData(401, "", SendStatus.Misconfigured, "http_401")]
    [InlineData(429, "", SendStatus.Throttled, "http_429")]
    [InlineData(503, """{"error":"tired"}""", SendStatus.Transient, "tired")]
    internal async Task Every_answer_of_the_vendor_has_a_meaning(int status, string body, SendStatus expected, string? code)
    {
        await using var server = await VendorServer.StartHttp1Async();
        server.Answer = _ => new VendorAnswer(status, body);
        using var host = Host(new() { ["Channels:Postbird:BaseAddress"] = server.Address.ToString(), ["Channels:Postbird:ApiKey"] = "k", ["Channels:Postbird:From"] = "Shop" });
        var message = new SmsMessage { Id = Guid.CreateVersion7(), Channel = Channel.Sms, To = "+41791234567", Text = "Hello" };

        var (account, outcome) = await host.Services.GetRequiredService<ProviderRoutes>().SendAsync(message, sandbox: false, CancellationToken.None);

        Assert.Equal(("postbird", expected, code), (account, outcome.Status, outcome.Code));
        var asked = Assert.Single(server.Requests);
        Assert.Equal(("Bearer k", "Shop"), (asked.Headers["authorization"], asked.Json["from"]!.GetValue<string>())); // sent by us
    }

    [Fact]
    public void One_line_gives_it_accounts_that_people_add_with_settings_that_are_checked()
    {
        using var host = Host([]);
        var vendor = host.Services.GetServices<Vendor>().Single(one => one.Name == "postbird");

        var (options, none) = AccountSettings.Read(vendor, JsonElement.Parse("""{"from":"Shop"}"""), JsonElement.Parse("""{"api_key":"k"}"""));
        var (_, problems) = AccountSettings.Read(vendor, JsonElement.Parse("""{"from":"Shop"}"""), JsonElement.Parse("{}"));

        Assert.Empty(none);
        using var connector = (PostbirdProvider)vendor.Connect(options!); // no problems
        Assert.Equal("postbird", connector.Name);
        Assert.Equal(("/secrets/api_key", "missing"), (Assert.Single(problems).Pointer, problems[0].Code));
    }

    [Fact]
    public async Task Half_a_configuration_of_it_does_not_start()
    {
        using var host = Host(new() { ["Channels:Postbird:ApiKey"] = "k" });

        var problem = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Channels:Postbird:From is missing", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostbirdOptions.cs")]
    [InlineData("PostbirdProvider.cs")]
    [InlineData("PostbirdModule.cs")]
    public void The_page_shows_the_code_as_it_is(string file)
    {
        var code = Source.Read($"NotificationServer.Tests/Channels/Example/{file}").Trim();
        var shown = CodeBlock().Matches(Source.Read("docs/adding-a-provider.md")).Select(block => block.Groups[1].Value.Trim());

        Assert.Contains(code, shown);
    }

    private static IHost Host(Dictionary<string, string?> settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration["Channels:TrustedRootsFile"] = TestRoot.File;
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1"));
        builder.Services.AddSingleton(new DataDirectory(Path.GetTempPath()));
        builder.Services.AddSingleton<ServerSecrets>();
        builder.AddChannels();
        builder.Services.AddPostbird();
        return builder.Build();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
