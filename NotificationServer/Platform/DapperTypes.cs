using System.Data;
using Dapper;

namespace NotificationServer.Platform;

/// What Dapper has to know once per process: snake_case columns, and that a timestamptz is an instant.
internal static class DapperTypes
{
    public static void Register()
    {
        // Repeating it is harmless, so every pool may call it and nobody has to remember to.
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Instant());
        SqlMapper.AddTypeHandler(new Day());
    }

    private sealed class Day : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => value switch
        {
            DateOnly day => day,
            DateTime midnight => DateOnly.FromDateTime(midnight),
            _ => throw new DataException($"A {value.GetType()} is not a day"),
        };

        public override void SetValue(IDbDataParameter parameter, DateOnly value)
        {
            parameter.DbType = DbType.Date;
            parameter.Value = value;
        }
    }

    /// Npgsql reads a timestamptz as a UTC DateTime and writes only offset zero; the rest of the code speaks DateTimeOffset.
    private sealed class Instant : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTimeOffset instant => instant,
            DateTime utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
            _ => throw new DataException($"A {value.GetType()} is not an instant"),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.DateTimeOffset;
            parameter.Value = value.ToUniversalTime();
        }
    }
}
