using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace NotificationServer.Admin.Keys;

/// The data-protection keys of all nodes: a cookie made by one is read by every other. (The interface is synchronous.)
internal sealed class KeyRing(NpgsqlDataSource db) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = db.OpenConnection();
        return [.. connection.Query<string>(Sql.All).Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = db.OpenConnection();
        connection.Execute(Sql.Store, new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) });
    }

    internal static class Sql
    {
        public const string All = """
            select xml from data_protection_keys order by id
            """;

        public const string Store = """
            insert into data_protection_keys (friendly_name, xml) values (@friendlyName, @xml)
            """;
    }
}
