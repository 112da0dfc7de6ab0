namespace NotificationServer.Channels.Wire;

/// The one place that says what a failed call means: can the vendor have acted on the request or not? Being wrong one way
/// sends twice, being wrong the other way parks a message that could safely be repeated; so whatever is not surely "not
/// sent" is "unknown".
internal static class WireFault
{
    private const long NoError = 0;
    private const long RefusedStream = 7;

    public static SendOutcome Of(HttpRequestException e, bool handedOver)
    {
        if (WasRefusedUnprocessed(e))
            return SendOutcome.NotSent("stream_refused", "the provider closed the stream without processing it");

        return e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => SendOutcome.NotSent("name_resolution", "the provider's host name was not found"),
            HttpRequestError.ConnectionError => SendOutcome.NotSent("connection", "no connection to the provider"),
            HttpRequestError.SecureConnectionError => SendOutcome.NotSent("tls", "the provider's TLS certificate or handshake was refused"),
            HttpRequestError.ProxyTunnelError => SendOutcome.NotSent("proxy", "the proxy opened no tunnel to the provider"),
            HttpRequestError.VersionNegotiationError => SendOutcome.NotSent("http_version", "the provider does not speak the HTTP version asked for"),
            HttpRequestError.ConfigurationLimitExceeded => Unknown("answer_too_big", "the answer was longer than the limit"),
            HttpRequestError.ResponseEnded => Unknown("response_ended", "the connection ended before the whole answer was there"),
            HttpRequestError.InvalidResponse => Unknown("invalid_response", "the answer was not HTTP"),
            _ when !handedOver && e.HttpRequestError is HttpRequestError.Unknown && e.StatusCode is null =>
                SendOutcome.NotSent("before_sending", "the connection failed before the request was written"),
            _ => Unknown("connection_lost", "the connection broke after the request was written"),
        };
    }

    public static SendOutcome Of(OperationCanceledException e, bool handedOver, CancellationToken ct)
    {
        // The connection's own time limit shows as a cancellation that nobody asked for.
        if (!ct.IsCancellationRequested && e.InnerException is TimeoutException && !handedOver)
            return SendOutcome.NotSent("connect_timeout", "no connection to the provider within the time limit");

        return handedOver
            ? Unknown("timeout", "no answer within the deadline")
            : SendOutcome.NotSent("timeout_before_sending", "the deadline passed before a connection was free");
    }

    public static SendOutcome OfBrokenStream() => Unknown("connection_lost", "the connection broke after the request was written");

    private static SendOutcome Unknown(string code, string detail) => SendOutcome.Unknown(code, detail);

    /// HTTP/2 says so itself: REFUSED_STREAM, or a GOAWAY (no error) whose last stream lies below ours. The handler has
    /// then already tried other connections.
    private static bool WasRefusedUnprocessed(Exception e)
    {
        for (var cause = e.InnerException; cause is not null; cause = cause.InnerException)
            if (cause is HttpProtocolException { ErrorCode: RefusedStream or NoError }) return true;
        return false;
    }
}
