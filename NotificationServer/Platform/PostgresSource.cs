using Npgsql;

namespace NotificationServer.Platform;

/// Opens the one connection pool of a node, with limits everywhere: no call of ours may wait for ever.
internal static class PostgresSource
{
    public static NpgsqlDataSource Create(string connectionString, DatabaseOptions options, ILoggerFactory? loggers = null, string name = "main")
    {
        DapperTypes.Register();
        var builder = new NpgsqlDataSourceBuilder(WithLimits(connectionString, options));
        builder.Name = name; // what its figures are told by, in place of the connection string
        if (loggers is not null)
            builder.UseLoggerFactory(loggers);
        return builder.ConnectionStringBuilder.Host?.Contains(',', StringComparison.Ordinal) == true ? AmongSeveral(builder) : builder.Build();
    }

    /// `Host=a,b`: of a server and its standbys the one that takes writes, whichever that is at the moment.
    private static NpgsqlDataSource AmongSeveral(NpgsqlDataSourceBuilder builder)
    {
        var wish = builder.ConnectionStringBuilder.TargetSessionAttributes;
        builder.ConnectionStringBuilder.TargetSessionAttributes = null; // Npgsql wants to be told of it here instead
        return builder.BuildMultiHost().WithTargetSession(
            wish is null ? TargetSessionAttributes.ReadWrite : Enum.Parse<TargetSessionAttributes>(wish.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)); // read-write
    }

    private static string WithLimits(string connectionString, DatabaseOptions options)
    {
        var said = new NpgsqlConnectionStringBuilder(connectionString);
        var limits = new NpgsqlConnectionStringBuilder
        {
            ["Application Name"] = "notification-server",
            ["Maximum Pool Size"] = options.MaxPoolSize,
            ["Timeout"] = Seconds(options.ConnectTimeout),
            ["Command Timeout"] = Seconds(options.CommandTimeout),
            ["Keepalive"] = Seconds(options.KeepAlive),
            // Nothing here leaves state behind in a session; wiping it each time a connection is handed on took 4% of PostgreSQL's time.
            ["No Reset On Close"] = true,
            // Of several hosts: for how long is believed which of them takes writes. Ten seconds otherwise, and a failover takes no shorter.
            ["Host Recheck Seconds"] = 1,
        };
        if (options.SendSessionLimits)
            limits["Options"] = SessionLimits(options);

        foreach (string key in limits.Keys)
        {
            if (!said.ShouldSerialize(key))
                said[key] = limits[key];
        }

        return said.ConnectionString;
    }

    public static string SessionLimits(DatabaseOptions options) =>
        $"-c lock_timeout={Milliseconds(options.LockTimeout)}"
        + $" -c statement_timeout={Milliseconds(options.StatementTimeout)}"
        + $" -c idle_in_transaction_session_timeout={Milliseconds(options.IdleInTransactionTimeout)}"
        // A claim that was prepared while its table was empty would keep a plan that reads all of it. Nothing is prepared unless the
        // connection string asks for it (Max Auto Prepare); this is for then.
        + " -c plan_cache_mode=force_custom_plan"
        // Compiling a statement over forty days of a log took PostgreSQL 3.6 s, running it 0.06: no statement of ours is worth that.
        + " -c jit=off";

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
