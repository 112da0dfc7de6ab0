using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using NotificationServer.Templates;
using NotificationServer.Tests.Support;
using Npgsql;

namespace NotificationServer.Tests.Architecture;

/// Every statement of the server, prepared against the schema that the migrations make: a column misspelt is found here.
[Bar("S32")]
public sealed partial class SqlTests(Database db) : IClassFixture<Database>
{
    private static readonly Dictionary<string, string> All = (
        from type in typeof(Template).Assembly.GetTypes()
        where type.Name == "Sql" && type.IsNested
        from constant in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        where constant.IsLiteral && constant.FieldType == typeof(string)
        select ($"{type.DeclaringType!.FullName}.{constant.Name}", (string)constant.GetRawConstantValue()!)) // nested, and a literal string
        .ToDictionary(statement => statement.Item1, statement => statement.Item2);

    public static TheoryData<string> Statements() => [.. All.Where(s => Split(s.Value).Any(Preparable)).Select(s => s.Key).Order()];

    [Theory, MemberData(nameof(Statements))]
    public async Task Every_sql_constant_prepares_against_the_migrated_schema(string name)
    {
        await using var connection = await db.Source.OpenConnectionAsync();
        foreach (var (index, statement) in Split(All[name]).Where(Preparable).Index())
        {
            await using var prepare = connection.CreateCommand();
            prepare.CommandText = $"prepare s{index} as {WithNumberedParameters(statement)}";

            var refused = await Record.ExceptionAsync(() => prepare.ExecuteNonQueryAsync());

            Assert.True(refused is null, $"{name}: {refused?.Message}\n{prepare.CommandText}");
        }
        // Connections go back to the pool as they are.
        await using var forget = new NpgsqlCommand("deallocate all", connection);
        await forget.ExecuteNonQueryAsync();
    }

    [Fact]
    public void No_statement_of_the_server_stands_outside_a_class_named_Sql()
    {
        var strays = from file in Source.Files("NotificationServer", ".cs")
                     from Match call in InlineStatement().Matches(Source.Read(file))
                     select $"{file}: {call.Value.Trim()}";

        var constants = from type in typeof(Template).Assembly.GetTypes()
                        where type.Name != "Sql"
                        from constant in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
                        where constant.IsLiteral && constant.FieldType == typeof(string) && Reads().IsMatch((string?)constant.GetRawConstantValue() ?? "")
                        select $"{type.FullName}.{constant.Name}";

        Violations.None(strays);
        Violations.None(constants);
    }

    [Fact]
    public void There_are_statements_to_look_at() => Assert.True(Statements().Count > 5);

    [Fact]
    public void Parameters_are_numbered_and_casts_strings_and_operators_are_left_alone()
    {
        Assert.Equal(
            "select $1, $2::uuid[], $1 from t where a @> '{\"x\": \"@no\"}' and b = any($3) -- not @this",
            WithNumberedParameters("select @one, @two::uuid[], @one from t where a @> '{\"x\": \"@no\"}' and b = any(@three) -- not @this"));
    }

    /// Two statements that travel together are prepared one by one.
    private static string[] Split(string sql) => [.. Token()
        .Replace(sql, token => token.Value == ";" ? "\0" : token.Value).Split('\0')
        .Where(statement => !string.IsNullOrWhiteSpace(statement))];

    // listen, notify, copy, set and lock are no statements that prepare takes.
    private static bool Preparable(string sql) => Prepares().IsMatch(sql);

    private static string WithNumberedParameters(string sql)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return Token().Replace(sql, token =>
        {
            if (!token.Groups["name"].Success) return token.Value;
            if (!numbers.TryGetValue(token.Groups["name"].Value, out var number)) numbers.Add(token.Groups["name"].Value, number = numbers.Count + 1);
            return "$" + number.ToString(CultureInfo.InvariantCulture);
        });
    }

    [GeneratedRegex(@"\A(?:\s|--[^\n]*\n)*(?:select|insert|update|delete|merge|values|with)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Prepares();

    [GeneratedRegex(@"\A\s*(?:select\s|insert into\s|update\s+\w+\s+set\s|delete from\s|with\s+\w+\s+as\s)", RegexOptions.IgnoreCase)]
    private static partial Regex Reads();

    // What is quoted or commented out comes first, so that an @ within it is no parameter.
    [GeneratedRegex("""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|;|(?<![@\w])@(?<name>[A-Za-z_]\w*)""")]
    private static partial Regex Token();

    [GeneratedRegex(@"(?:new CommandDefinition|CreateCommand|new NpgsqlCommand|new NpgsqlBatchCommand|CommandText\s*=)\s*\(?\s*(?:\$|@)*""+\s*(?:select|insert|update|delete|with)\b[^\n]*", RegexOptions.IgnoreCase)]
    private static partial Regex InlineStatement();
}
