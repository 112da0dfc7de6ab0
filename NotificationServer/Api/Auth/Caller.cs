namespace NotificationServer.Api.Auth;

/// Who is asking: a handler's parameter (`Caller caller`) on every endpoint of the API.
internal sealed record Caller(Guid ClientId, string ClientName, string KeyId, bool Sandbox, IReadOnlySet<string> Scopes)
{
    /// Notifications a second; null: the server's default.
    public int? RateLimit { get; init; }

    /// Goes into audit columns such as blocks.created_by.
    public string Actor => $"client:{ClientName}";

    public static ValueTask<Caller> BindAsync(HttpContext http) => ValueTask.FromResult(
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("This endpoint takes a caller but does not require a key"));
}
