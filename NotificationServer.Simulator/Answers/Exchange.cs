using System.Buffers;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using NotificationServer.Simulator.Callbacks;
using NotificationServer.Simulator.Faults;
using NotificationServer.Simulator.Ledger;

namespace NotificationServer.Simulator.Answers;

/// One request of one provider: read, judge, record what is accepted, do what the fault says, answer.
internal sealed class Exchange(
    IVendor vendor, FaultBoard faults, LedgerFile ledger, VendorFigures figures, CallbackSender callbacks, TimeSpan latency, CancellationToken stopping)
{
    // RFC 9113 INTERNAL_ERROR: unlike REFUSED_STREAM it does not promise that nothing was done.
    private const int StreamInternalError = 2;

    private static readonly Answer Garbage = new(200, "<<<\0 not an answer {\"sid\":"u8.ToArray(), "application/json");

    public VendorFigures Figures => figures;

    public async Task RunAsync(HttpContext context)
    {
        figures.Called();
        var verdict = await JudgeAsync(context);
        var struck = verdict.Refused ? null : faults.Take(vendor.Name, verdict.Magic, verdict.Recipient);
        if (verdict.Accepted.Count > 0 && struck?.Fault.Accepts != false)
        {
            await ledger.AppendAsync(verdict.Accepted);
            figures.Accept(verdict.Accepted.Count);
            vendor.Taken(verdict.Accepted);
            if (verdict.Callbacks is { } calls) await callbacks.FollowAsync(calls);
        }

        // From here on the ledger holds the message, whether or not the sender will ever hear of it.
        if (latency > TimeSpan.Zero) await Task.Delay(latency, context.RequestAborted);
        if (struck is { } fault)
        {
            await MisbehaveAsync(context, verdict, fault);
            return;
        }

        await AnswerAsync(context, verdict.Answer, verdict.Echo);
    }

    private async ValueTask<Verdict> JudgeAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        if (read.IsCompleted && read.Buffer.IsSingleSegment)
        {
            var verdict = vendor.Judge(context.Request, read.Buffer.First);
            reader.AdvanceTo(read.Buffer.End);
            return verdict;
        }

        var body = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            foreach (var segment in read.Buffer) body.Write(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || body.WrittenCount > vendor.MaxBody) return vendor.Judge(context.Request, body.WrittenMemory);
            read = await reader.ReadAsync(context.RequestAborted);
        }
    }

    private async Task MisbehaveAsync(HttpContext context, Verdict verdict, FaultBoard.Struck struck)
    {
        var fault = struck.Fault;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        if (fault.Hang || fault.Hold || fault.Delay > TimeSpan.Zero)
        {
            var wait = fault.Hang ? Task.Delay(Timeout.InfiniteTimeSpan, end.Token)
                : fault.Hold ? struck.Cleared.WaitAsync(end.Token)
                : Task.Delay(fault.Delay, end.Token);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!wait.IsCompletedSuccessfully)
            {
                figures.LeftUnanswered();
                context.Abort();
                return;
            }
        }

        if (fault.Reset != ResetKind.None)
        {
            figures.LeftUnanswered();
            Reset(context, fault.Reset);
            return;
        }

        var answer = Choose(fault, verdict);
        if (fault.RetryAfter is { } raw) answer = answer with { Headers = [.. answer.Headers, .. vendor.Wait(raw)] };
        await (fault.Truncate ? TruncateAsync(context, answer) : AnswerAsync(context, answer, fault.Garbage ? null : verdict.Echo));
    }

    private Answer Choose(Fault fault, Verdict verdict) =>
        fault.DeadToken ? vendor.DeadRecipient()
        : fault.Garbage ? Garbage
        : fault.Status is >= 300 and var status ? vendor.Error(status, fault.Code)
        : verdict.Answer;

    private static void Reset(HttpContext context, ResetKind kind)
    {
        var stream = context.Features.Get<IHttpResetFeature>();
        if (kind == ResetKind.Stream && stream is not null)
        {
            stream.Reset(StreamInternalError);
            return;
        }

        // Closing with no time to linger is what makes the kernel send RST where FIN would look like an orderly end.
        context.Features.Get<IConnectionSocketFeature>()?.Socket.Close(timeout: 0);
        context.Abort();
    }

    private async Task AnswerAsync(HttpContext context, Answer answer, Header? echo)
    {
        figures.Answered(answer.Status);
        Start(context.Response, answer);
        if (echo is { } header) context.Response.Headers[header.Name] = header.Value;
        context.Response.ContentLength = answer.Body.Length;
        if (!answer.Body.IsEmpty) await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async Task TruncateAsync(HttpContext context, Answer answer)
    {
        figures.LeftUnanswered();
        Start(context.Response, answer);
        // Where the real answer has no body there is nothing to halve, so a body is announced that never comes whole.
        var body = answer.Body.IsEmpty ? Garbage.Body : answer.Body;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body[..(body.Length / 2)], context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static void Start(HttpResponse response, Answer answer)
    {
        response.StatusCode = answer.Status;
        if (answer.ContentType is not null) response.ContentType = answer.ContentType;
        foreach (var header in answer.Headers) response.Headers[header.Name] = header.Value;
    }
}
