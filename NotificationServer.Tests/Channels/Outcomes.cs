using NotificationServer.Channels;

namespace NotificationServer.Tests.Channels;

/// The classes of the fact sheet in the words of SendStatus.
internal static class Outcomes
{
    public static SendStatus Of(Vector.ErrorRow row) => row.Class switch
    {
        "ok" => SendStatus.Accepted,
        "retry" => SendStatus.Transient,
        "throttled" => SendStatus.Throttled,
        "permanent" => SendStatus.Permanent,
        "invalid_recipient" => SendStatus.AddressDead,
        "auth_config" => SendStatus.Misconfigured,
        _ => throw new ArgumentOutOfRangeException(nameof(row), row.Class, "not a class"),
    };

    public static TheoryData<int, string, string> Rows(string table, Func<Vector.ErrorRow, SendStatus>? status = null)
    {
        var data = new TheoryData<int, string, string>();
        foreach (var row in Vector.ErrorTable(table)) data.Add(row.Http, row.Code.ToString(), (status ?? Of)(row).ToString());
        return data;
    }
}
