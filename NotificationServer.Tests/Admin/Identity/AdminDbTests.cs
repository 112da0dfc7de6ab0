using Dapper;
using Microsoft.EntityFrameworkCore;
using NotificationServer.Admin.Identity;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Admin.Identity;

public sealed class AdminDbTests(Database db) : IClassFixture<Database>
{
    private sealed record Column(string TableName, string ColumnName, string Type, bool Required);

    [Fact]
    public async Task The_EF_model_and_the_migrated_schema_say_the_same_of_every_column()
    {
        await using var context = new AdminDb(new DbContextOptionsBuilder<AdminDb>().UseNpgsql(db.Source).Options);
        var modelled = context.Model.GetRelationalModel().Tables
            .SelectMany(table => table.Columns.Select(c => new Column(table.Name, c.Name, c.StoreType, !c.IsNullable)))
            .OrderBy(c => c.TableName, StringComparer.Ordinal).ThenBy(c => c.ColumnName, StringComparer.Ordinal).ToList();

        await using var connection = await db.Source.OpenConnectionAsync();
        var migrated = (await connection.QueryAsync<Column>("""
            select table_name, column_name, data_type as type, is_nullable = 'NO' as required
            from information_schema.columns
            where table_schema = 'public' and table_name = any (@tables)
            order by table_name collate "C", column_name collate "C"
            """, new { tables = modelled.Select(c => c.TableName).Distinct().ToArray() })).ToList();

        Assert.Equal(7, modelled.Select(c => c.TableName).Distinct().Count());
        Assert.Equal(modelled, migrated);
    }

    [Fact]
    public async Task The_roles_of_the_policies_are_there()
    {
        await using var context = new AdminDb(new DbContextOptionsBuilder<AdminDb>().UseNpgsql(db.Source).Options);
        var names = await context.Roles.Select(r => r.Name).OrderBy(n => n).ToListAsync();
        Assert.Equal([Roles.Administrator, Roles.Marketer, Roles.Operator, Roles.Viewer], names);
    }
}
