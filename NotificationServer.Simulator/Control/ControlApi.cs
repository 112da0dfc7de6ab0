using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using NotificationServer.Simulator.Answers;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Control;

/// Faults, ledger and figures over plain HTTP, for whoever runs the simulator as a program.
internal sealed class ControlApi(FaultBoard faults, LedgerFile ledger, IReadOnlyDictionary<string, VendorFigures> figures, CallbackSender callbacks)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A misspelt fault that silently does nothing would make a test pass for the wrong reason.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public sealed record FaultBody
    {
        public int? Status { get; init; }
        public JsonElement? Code { get; init; }
        public int DelayMs { get; init; }
        public bool Hang { get; init; }
        public bool Hold { get; init; }
        public bool Reset { get; init; }
        public bool ResetConnection { get; init; }
        public bool Garbage { get; init; }
        public bool Truncate { get; init; }
        public JsonElement? RetryAfter { get; init; }
        public bool DeadToken { get; init; }
        public double? Probability { get; init; }
        public int? Count { get; init; }
        public bool? Accept { get; init; }
    }

    public sealed record ActiveFault(FaultBody Fault, int? Left);

    public sealed record Figures(long Accepted, long Calls, IReadOnlyDictionary<string, long> ByStatus, long Unanswered, long Connections);

    /// Makes a browser's subscription of the given name; set when it is known where the push service listens.
    public Func<string, string> Subscription { get; set; } = _ => "";

    public Task RunAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!.Trim('/').Split('/'));
        return (method, path) switch
        {
            ("GET", ["faults"]) => context.Response.WriteAsJsonAsync(Active(), Json, context.RequestAborted),
            ("PUT", ["faults", var provider]) when figures.ContainsKey(provider) => SetAsync(context, provider),
            ("DELETE", ["faults", var provider]) when figures.ContainsKey(provider) => Clear(context, provider),
            ("DELETE", ["faults"]) => Clear(context, null),
            ("GET", ["callbacks"]) => CallbackControl.ShowAsync(context, callbacks),
            ("PUT", ["callbacks"]) => CallbackControl.SetAsync(context, callbacks),
            ("GET", ["ledger"]) => WriteLedgerAsync(context),
            ("GET", ["subscription"]) => context.Response.WriteAsync(Subscription(context.Request.Query["name"].ToString()), context.RequestAborted),
            ("GET", ["stats"]) => context.Response.WriteAsJsonAsync(Stats(), Json, context.RequestAborted),
            _ => RefuseAsync(context, 404, $"unknown; providers: {string.Join(' ', figures.Keys)}"),
        };
    }

    private async Task SetAsync(HttpContext context, string provider)
    {
        FaultBody? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<FaultBody>(context.Request.Body, Json, context.RequestAborted);
        }
        catch (JsonException e)
        {
            await RefuseAsync(context, 400, e.Message);
            return;
        }

        if (body is null || body.Status is < 200 or > 599 || body.DelayMs < 0 || body.Probability is < 0 or > 1)
        {
            await RefuseAsync(context, 400, "status is 200 to 599, delay_ms at least 0, probability 0 to 1");
            return;
        }

        faults.Set(provider, Understood(body));
        context.Response.StatusCode = 204;
    }

    private Task Clear(HttpContext context, string? provider)
    {
        if (provider is null) faults.ClearAll();
        else faults.Clear(provider);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    /// `since`: an instant; entries recorded after it.
    private async Task WriteLedgerAsync(HttpContext context)
    {
        var (provider, since) = (context.Request.Query["provider"].ToString(), context.Request.Query["since"].ToString());
        var from = DateTimeOffset.MinValue;
        if (since.Length > 0 && !DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from))
        {
            await RefuseAsync(context, 400, "since is an ISO 8601 instant");
            return;
        }

        context.Response.ContentType = "application/json";
        var body = context.Response.Body;
        var first = true;
        foreach (var entry in ledger.Entries.Where(e => (provider.Length == 0 || e.Provider == provider) && e.At > from))
        {
            await body.WriteAsync(first ? "["u8.ToArray() : ","u8.ToArray(), context.RequestAborted);
            await body.WriteAsync(entry.Line, context.RequestAborted);
            first = false;
        }

        await body.WriteAsync(first ? "[]"u8.ToArray() : "]"u8.ToArray(), context.RequestAborted);
    }

    private Dictionary<string, ActiveFault> Active() =>
        faults.Snapshot().ToDictionary(pair => pair.Key, pair => new ActiveFault(Told(pair.Value.Fault), pair.Value.Left));

    private Dictionary<string, Figures> Stats() => figures.ToDictionary(
        pair => pair.Key,
        pair => new Figures(pair.Value.Accepted, pair.Value.Calls, pair.Value.ByStatus, pair.Value.Unanswered, pair.Value.Connections));

    private static Fault Understood(FaultBody body) => new()
    {
        Status = body.Status,
        Code = body.Code?.ToString(),
        Delay = TimeSpan.FromMilliseconds(body.DelayMs),
        Hang = body.Hang,
        Hold = body.Hold,
        Reset = body.ResetConnection ? ResetKind.Connection : body.Reset ? ResetKind.Stream : ResetKind.None,
        Garbage = body.Garbage,
        Truncate = body.Truncate,
        RetryAfter = body.RetryAfter?.ToString(),
        DeadToken = body.DeadToken,
        Probability = body.Probability ?? 1,
        Count = body.Count,
        Accept = body.Accept,
    };

    private static FaultBody Told(Fault fault) => new()
    {
        Status = fault.Status,
        Code = fault.Code is null ? null : JsonSerializer.SerializeToElement(fault.Code),
        DelayMs = (int)fault.Delay.TotalMilliseconds,
        Hang = fault.Hang,
        Hold = fault.Hold,
        Reset = fault.Reset == ResetKind.Stream,
        ResetConnection = fault.Reset == ResetKind.Connection,
        Garbage = fault.Garbage,
        Truncate = fault.Truncate,
        RetryAfter = fault.RetryAfter is null ? null : JsonSerializer.SerializeToElement(fault.RetryAfter),
        DeadToken = fault.DeadToken,
        Probability = fault.Probability,
        Count = fault.Count,
        Accept = fault.Accept,
    };

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = why }, Json, context.RequestAborted);
    }
}
