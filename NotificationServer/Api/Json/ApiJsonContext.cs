using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// Serialisers made at build time. Types not listed here still work, by reflection; list what is on a hot path. Other folders bring
/// a context of their own with <see cref="ApiModule.AddJson"/>.
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJsonContext : JsonSerializerContext
{
    /// This context under the API's own rules, for writing outside an endpoint.
    public static ApiJsonContext Strict { get; } = new(StrictJson.Apply(new JsonSerializerOptions()));
}
