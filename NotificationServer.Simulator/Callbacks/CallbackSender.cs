using System.Collections.Concurrent;

namespace NotificationServer.Simulator.Callbacks;

/// Makes the calls by which providers tell what became of a message. What is not answered by a 2xx is told again, some times.
internal sealed class CallbackSender(TimeProvider clock) : IAsyncDisposable
{
    private const int Tries = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<int, Task> underWay = new();
    private int last;
    private long answered;
    private long refused;
    private long lost;

    public CallbackPlan Plan { get; set; } = new();

    /// Calls that were answered with a 2xx.
    public long Answered => Interlocked.Read(ref answered);
    /// Answers that were something else.
    public long Refused => Interlocked.Read(ref refused);
    public long Lost => Interlocked.Read(ref lost);

    /// The calls that follow from one accepted request, in the order in which things happened. Waited for only where the plan says that
    /// they come before the answer.
    public Task FollowAsync(IReadOnlyList<CallbackCall> calls)
    {
        if (calls.Count == 0) return Task.CompletedTask;
        var plan = Plan;
        var ordered = (plan.Reversed ? calls.Reverse() : calls)
            .Where(_ => !IsLost(plan)).SelectMany(call => Enumerable.Repeat(call, 1 + plan.Duplicates)).ToList();
        if (plan.BeforeAnswer) return MakeAllAsync(ordered, plan with { Delay = TimeSpan.Zero });
        var number = Interlocked.Increment(ref last);
        var task = Task.Run(() => MakeAllAsync(ordered, plan));
        underWay[number] = task;
        _ = task.ContinueWith(_ => underWay.TryRemove(number, out var _), TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// All that is under way has come or was given up.
    public Task QuietAsync() => Task.WhenAll(underWay.Values);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await QuietAsync();
        http.Dispose();
        stopping.Dispose();
    }

    private bool IsLost(CallbackPlan plan)
    {
        if (plan.Loss <= 0 || Random.Shared.NextDouble() >= plan.Loss) return false;
        Interlocked.Increment(ref lost);
        return true;
    }

    private async Task MakeAllAsync(List<CallbackCall> calls, CallbackPlan plan)
    {
        try
        {
            await Task.Delay(plan.Delay, stopping.Token);
            foreach (var call in calls) await MakeAsync(call, plan);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The simulator ends; what was not told is lost.
        }
    }

    private async Task MakeAsync(CallbackCall call, CallbackPlan plan)
    {
        var told = new Uri(call.Url);
        var url = plan.Target is { } target ? new Uri(target, told.PathAndQuery) : told;
        var pause = FirstPause;
        for (var attempt = 1; attempt <= Tries; attempt++, pause *= 2)
        {
            if (await AnsweredAsync(call, url)) return;
            await Task.Delay(pause, stopping.Token);
        }
    }

    private async Task<bool> AnsweredAsync(CallbackCall call, Uri url)
    {
        try
        {
            using var request = call.Sign(clock.GetUtcNow()).To(url);
            using var answer = await http.SendAsync(request, stopping.Token);
            if (answer.IsSuccessStatusCode) Interlocked.Increment(ref answered);
            else Interlocked.Increment(ref refused);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Nobody there (yet).
            return false;
        }
    }
}
