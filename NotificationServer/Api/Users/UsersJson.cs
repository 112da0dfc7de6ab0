using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Api.Json;

namespace NotificationServer.Api.Users;

/// What is read a million times in an import.
[JsonSerializable(typeof(BulkUser))]
internal sealed partial class UsersJson : JsonSerializerContext
{
    public static UsersJson Strict { get; } = new(StrictJson.Apply(new JsonSerializerOptions()));
}
