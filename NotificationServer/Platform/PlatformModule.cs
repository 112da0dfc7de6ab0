using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using NotificationServer.Platform.Health;
using NotificationServer.Platform.Restores;
using NotificationServer.Platform.Telemetry;

namespace NotificationServer.Platform;

internal static class PlatformModule
{
    public static void AddPlatform(this WebApplicationBuilder builder)
    {
        StartupFailure.ReportAsOneLine();
        var line = CommandLine.OfThisProcess();
        ContentRoot.Settle(builder);
        SettingsFolders.Add(builder.Configuration);
        if (line.Command is ServerCommand.Live or ServerCommand.Ready)
            HealthProbe.RunAndExit(builder.Configuration, line);
        Listening.Configure(builder, line);
        builder.Logging.AddConsole(options => options.FormatterName = ConsoleLines.FormatName)
            .AddConsoleFormatter<ConsoleLines, ConsoleFormatterOptions>();

        var services = builder.Services;
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddTransient<IStartupFilter, TrustedProxies>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(line);
        services.AddSingleton(provider => DataDirectory.For(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>()));
        services.AddSingleton<ServerSecrets>();
        services.AddSingleton<DevelopmentFile>();
        services.AddHealth();
        services.AddTelemetry();

        services.AddSingleton(provider => NodeRoles.Parse(provider.GetRequiredService<IConfiguration>()[NodeRoles.Key]));
        AddDatabase(services);
        if (builder.Plays(NodeRole.Scheduler))
            AddHousekeeping(services);
        services.AddHostedService<DevelopmentBanner>();
    }

    public static void MapPlatform(this WebApplication app)
    {
        var command = app.Services.GetRequiredService<CommandLine>().Command;
        // The others work on the schema or on one row of it: whoever runs them need not hold what the nodes hold.
        if (command is ServerCommand.Serve or ServerCommand.Check or ServerCommand.CreateKey)
            app.Services.GetRequiredService<ServerSecrets>().DemandRequired();
        if (command is ServerCommand.Check or ServerCommand.Migrate or ServerCommand.Postgres)
            OneShot.RunAndExit(app, command);
        if (command == ServerCommand.ConfirmRestore)
            ConfirmRestore.RunAndExit(app);

        app.MapTelemetry();
        app.MapHealth();
    }

    private static void AddDatabase(IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations()
            .Validate(kept => kept.Notifications >= kept.Messages, RetentionOptions.WordsOutliveMessages).ValidateOnStart();
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EmbeddedPostgres>();
        services.AddSingleton<DatabaseAddress>();

        // The connection string is read inside the factory, so that a test host can still replace it.
        services.AddSingleton(provider => PostgresSource.Create(
            provider.GetRequiredService<DatabaseAddress>().ConnectionString,
            provider.GetRequiredService<IOptions<DatabaseOptions>>().Value,
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ReportsDatabase>();
        services.AddSingleton(Migration.Embedded);
        services.AddSingleton<Migrator>();
        services.AddSingleton<DurabilityCheck>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<ChoreBook>();

        services.AddSingleton<DatabaseStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseStartup>());
        AddRestoreGuard(services);
    }

    /// Started next, so that nothing is sent from a database that was not looked at.
    private static void AddRestoreGuard(IServiceCollection services)
    {
        services.AddOptions<RestoreOptions>().BindConfiguration(RestoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<InstanceMemory>();
        services.AddSingleton<RestoreGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<RestoreGuard>());
        services.AddSingleton<IReadinessCheck, SendingCheck>();
    }

    private static void AddHousekeeping(IServiceCollection services)
    {
        services.AddHostedService<ChoreKeeper>();
#if !HANGFIRE // there they are recurring jobs
        services.AddHostedService<PartitionKeeper>();
        services.AddHostedService<Retention>();
#endif
    }
}
