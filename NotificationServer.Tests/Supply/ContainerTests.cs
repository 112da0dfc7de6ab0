using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using NotificationServer.Platform;
using NotificationServer.Platform.Health;
using NotificationServer.Tests.Architecture;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Supply;

/// What docker-compose.yml and the Dockerfile say, held against the checkout and the server: no engine is needed to see that a name leads nowhere.
public sealed class ContainerTests : IDisposable
{
    private static readonly string[] Nodes = ["server-a", "server-b", "worker"];
    private static readonly string[] SecretsOfEachNode =
        ["ConnectionStrings__Default", "ConnectionStrings__Migrations", "Secrets__api_key_pepper", "Secrets__cursor_key", "Secrets__data_protection_key", "Secrets__recipient_key", "Secrets__provider_key"];
    private static readonly TimeSpan ToEndWhatIsUnderWay = TimeSpan.FromSeconds(40);

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class WithEngineAttribute : FactAttribute
    {
        public WithEngineAttribute() => Skip = Subprocess.Find("docker") is not { } docker ? "docker is not installed"
            : Subprocess.RunAsync([docker, "compose", "version"], default).GetAwaiter().GetResult().Succeeded ? null : "docker has no compose";
    }

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ns-compose-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_topology_is_a_database_two_equal_servers_behind_a_proxy_a_worker_and_if_asked_for_the_simulator()
    {
        Assert.Equal(["postgres", "proxy", "server-a", "server-b", "simulator", "worker"], Compose.Services().Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["simulator"], Compose.Services().Where(one => one.Service.ContainsKey("profiles")).Select(one => one.Name));
        Assert.Equal(Without(Compose.Service("server-a"), "ports"), Without(Compose.Service("server-b"), "ports"));
        Assert.Equal(Without(Compose.Service("server-a"), "ports", "environment"), Without(Compose.Service("worker"), "environment"));
        Assert.Equal("worker", Compose.Environment(Compose.Service("worker"))["Roles"]);
        Assert.DoesNotContain("Roles", Compose.Environment(Compose.Service("server-a")).Keys);
    }

    [Fact]
    public void Every_service_comes_from_a_stage_that_there_is_or_from_a_named_version()
    {
        var stages = ImageFile.Read().Stages.Select(stage => stage.Name).ToList();
        foreach (var (name, service) in Compose.Services())
        {
            Assert.Contains(':', service["image"]!.GetValue<string>());
            if (service["build"] is not { } build) continue;
            Assert.Equal((".", ImageFile.Path), (build["context"]!.GetValue<string>(), build["dockerfile"]!.GetValue<string>()));
            Assert.Contains(build["target"]!.GetValue<string>(), stages);
        }
    }

    [Fact]
    public void Every_service_is_locked_down_and_reached_from_this_machine_alone()
    {
        var file = ImageFile.Read();
        Assert.All(Compose.Services(), one =>
        {
            Assert.Equal("true", one.Service["read_only"]?.GetValue<string>());
            Assert.Equal(["ALL"], Compose.List(one.Service["cap_drop"]));
            Assert.Contains("no-new-privileges:true", Compose.List(one.Service["security_opt"]));
            Assert.False(one.Service.ContainsKey("privileged"), one.Name);
            Assert.All(Compose.List(one.Service["ports"]), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
            Assert.True(one.Service.ContainsKey("healthcheck") || file.Named(one.Service["build"]!["target"]!.GetValue<string>()).Of("HEALTHCHECK").Any(), one.Name);
            Assert.Equal("unless-stopped", one.Service["restart"]?.GetValue<string>());
        });
    }

    [Fact]
    public void Whatever_is_named_is_there()
    {
        var file = Compose.Read();
        var services = Compose.Services().ToList();
        Assert.All(services.SelectMany(one => Compose.List(one.Service["depends_on"])), needed => Assert.Contains(services, one => one.Name == needed));
        var mounted = services.SelectMany(one => Compose.List(one.Service["volumes"])).Select(mount => mount.Split(':')[0]).Distinct().ToList();
        Assert.Equal(Compose.List(file["volumes"]).Order(), mounted.Where(source => !source.StartsWith('.')).Order());
        Assert.All(mounted.Where(source => source.StartsWith('.')), source => Assert.True(File.Exists(Path.Combine(Source.Root, source)), source));
        Assert.Equal(Compose.List(file["secrets"]).Order(), services.SelectMany(one => Compose.List(one.Service["secrets"])).Distinct().Order());
        Assert.All(services, one => Assert.DoesNotContain("${", one.Service.ToJsonString(), StringComparison.Ordinal)); // every variable has a default
    }

    [Fact]
    public void A_secret_is_a_file_that_neither_git_nor_an_image_gets_to_see()
    {
        Assert.All(Compose.Read()["secrets"]!.AsObject(), one => Assert.Equal($"./.secrets/{one.Key}", one.Value!["file"]!.GetValue<string>()));
        Assert.Contains(".secrets/", Source.Read(".gitignore").Split('\n'));
        Assert.All(Nodes, node => Assert.Equal(SecretsOfEachNode, Compose.List(Compose.Service(node)["secrets"])));
        Assert.All(Compose.Services(), one => Assert.DoesNotContain(Compose.Environment(one.Service), setting => setting.Key.StartsWith("Secrets__", StringComparison.Ordinal) || setting.Key.EndsWith("PASSWORD", StringComparison.Ordinal)));
    }

    // What an engine would hand over, to the server itself.
    [Theory]
    [InlineData("server-a", null, 0, "The options are valid.")]
    [InlineData("worker", null, 0, "The options are valid.")]
    [InlineData("server-a", "Secrets__cursor_key", 1, "error: Set Secrets__cursor_key")]
    public async Task The_server_takes_the_settings_and_secrets_of_a_node(string node, string? lacking, int exitCode, string says)
    {
        foreach (var secret in SecretsOfEachNode.Where(secret => secret != lacking))
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, secret), secret.StartsWith("ConnectionStrings__", StringComparison.Ordinal) ? "Host=postgres;Database=notifications;Username=notifications_app;Password=x\n" : Convert.ToBase64String(new byte[32]) + "\n");
        var environment = new Dictionary<string, string>(Compose.Environment(Compose.Service(node))) { [SettingsFolders.Key] = folder.FullName };

        await using var check = ServerProcess.Launch(["dotnet", ServerProcess.BuiltServer, "check"], folder.FullName, environment);

        Assert.Equal(exitCode, await check.ExitAsync());
        Assert.Contains(says, check.Output, StringComparison.Ordinal);
    }

    // A name that nobody reads is a setting that somebody believes in.
    [Fact]
    public void Every_setting_is_one_that_the_server_has()
    {
        string[] ofTheHost = ["ASPNETCORE_ENVIRONMENT", SettingsFolders.Key];
        var known = JsonNode.Parse(Source.Read("NotificationServer/appsettings.json"))!;
        foreach (var name in Nodes.SelectMany(node => Compose.Environment(Compose.Service(node)).Keys).Distinct().Except(ofTheHost))
        {
            var steps = name.Split("__").TakeWhile(step => !int.TryParse(step, CultureInfo.InvariantCulture, out _));
            JsonNode? at = known;
            foreach (var step in steps)
            {
                Assert.True(at!.AsObject().ContainsKey(step), name);
                at = at[step];
            }
        }
    }

    [Fact]
    public void All_nodes_together_leave_the_database_connections_to_spare()
    {
        const int ofPostgres = 100, forPeople = 10, listener = 1;

        Assert.InRange(Nodes.Sum(node => int.Parse(Compose.Environment(Compose.Service(node))["Database__MaxPoolSize"], CultureInfo.InvariantCulture) + listener), 1, ofPostgres - forPeople);
    }

    [Fact]
    public void A_node_that_is_told_to_stop_has_the_time_to()
    {
        var drain = new HealthOptions().DrainDelayIn(new Production());

        Assert.All(Nodes, node => Assert.True(
            TimeSpan.FromSeconds(int.Parse(Compose.Service(node)["stop_grace_period"]!.GetValue<string>().TrimEnd('s'), CultureInfo.InvariantCulture)) > drain + ToEndWhatIsUnderWay));
    }

    [Fact]
    [Bar("S39")]
    public void An_image_is_made_of_locked_packages_by_nobody_special_and_tells_its_health_without_another_program()
    {
        var file = ImageFile.Read();
        Assert.Contains(file.Named("packages").Of("RUN"), run => run.Contains("dotnet restore NotificationServer --locked-mode", StringComparison.Ordinal));
        Assert.All(file.Stages.SelectMany(stage => stage.Of("RUN")).Where(run => run.Contains("publish", StringComparison.Ordinal)), run => Assert.Contains("--no-restore", run, StringComparison.Ordinal));
        Assert.Equal("server", file.Stages[^1].Name);
        foreach (var (name, assembly) in new[] { ("server", "NotificationServer.dll"), ("simulator", "NotificationServer.Simulator.dll") })
        {
            var stage = file.Named(name);
            Assert.Equal($"[\"dotnet\", \"{assembly}\"]", file.Inherited(stage, "ENTRYPOINT").Last());
            Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", file.Inherited(stage, "USER").Last());
            Assert.Contains($"[\"dotnet\", \"{assembly}\", ", stage.Of("HEALTHCHECK").Single(), StringComparison.Ordinal);
            // Nothing can be run while it is made: there is no shell in it.
            Assert.Empty(file.Inherited(stage, "RUN"));
        }
        Assert.DoesNotContain(file.Stages, stage => stage.Of("ADD").Any() || stage.Of("ARG").Any(arg => arg.Contains("KEY", StringComparison.OrdinalIgnoreCase)));
        var stages = file.Stages.Select(stage => stage.Name);
        Assert.All(file.Stages.Select(stage => stage.From).Except(stages), image => Assert.Matches(@"^mcr\.microsoft\.com/dotnet/(sdk|aspnet):10\.0", image));
    }

    [Fact]
    public void Whatever_an_image_is_made_of_is_in_the_checkout_and_reaches_the_engine()
    {
        var let = Source.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copies = ImageFile.Read().Stages.SelectMany(stage => stage.Of("COPY")).Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal)).SelectMany(copy => copy.Split(' ')[..^1]).ToList();

        Assert.NotEmpty(copies);
        Assert.All(copies, copy => Assert.True(Path.Exists(Path.Combine(Source.Root, copy)), copy));
        Assert.All(copies, copy => Assert.Contains(copy.Split('/')[0], let));
        Assert.Equal("*", Source.Read(".dockerignore").Split('\n').First(line => line.Length > 0 && line[0] != '#'));
    }

    // Where there is an engine's own reader, it is asked as well.
    [WithEngine]
    public async Task The_engine_s_own_reader_takes_the_file_where_it_is_installed()
    {
        var docker = Subprocess.Find("docker")!; // or it is skipped
        var read = await Subprocess.RunAsync([docker, "compose", "-f", Path.Combine(Source.Root, "docker-compose.yml"), "--profile", "simulator", "config", "--quiet"], default);

        Assert.True(read.Succeeded, read.Output);
    }

    private static string Without(JsonObject service, params string[] keys) => new JsonObject(service.Where(one => !keys.Contains(one.Key)).Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))).ToJsonString();

    private sealed class Production : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
