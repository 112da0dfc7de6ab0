using Microsoft.Extensions.Hosting;
using NotificationServer.Platform.Health;
using NotificationServer.Tests.Delivery.Gates;

namespace NotificationServer.Tests.Platform.Health;

public sealed class ReadinessTests
{
    private readonly HandClock clock = new();
    private readonly Check check = new();

    [Fact]
    public async Task However_often_it_is_asked_the_checks_are_asked_once_a_second()
    {
        var readiness = Given();

        for (var i = 0; i < 50; i++) Assert.True((await readiness.AskAsync(default)).IsReady);
        Assert.Equal(1, check.Asked);
        clock.Pass(TimeSpan.FromSeconds(1.1));
        check.Result = ReadinessResult.Wrong("tired");
        var report = await readiness.AskAsync(default);

        Assert.Equal((2, false, "tired"), (check.Asked, report.IsReady, report.Checks["check"]));
    }

    // A call to a database that vanished without a word hangs for a quarter of a minute.
    [Fact]
    public async Task A_check_that_hangs_is_no_answer_and_is_not_asked_again_beside_itself()
    {
        var hangs = new TaskCompletionSource<ReadinessResult>();
        check.Hangs = hangs.Task;
        var readiness = Given();

        var first = readiness.AskAsync(default);
        await check.WasAsked;
        clock.Pass(TimeSpan.FromSeconds(4));
        var second = await readiness.AskAsync(default);

        Assert.Equal((false, "no_answer", 1), (second.IsReady, second.Checks["check"], check.Asked));
        hangs.SetResult(ReadinessResult.Fine("well"));
        Assert.True((await first).IsReady);
    }

    [Fact]
    public async Task A_node_that_stops_says_so_whatever_its_checks_say()
    {
        var life = new Life();
        var readiness = Given(life);
        Assert.True((await readiness.AskAsync(default)).IsReady);

        life.StopApplication();
        var report = await readiness.AskAsync(default);

        Assert.Equal((false, "yes", 1), (report.IsReady, report.Checks["stopping"], check.Asked));
    }

    private Readiness Given(Life? life = null) => new([check], life ?? new Life(), clock);

    private sealed class Check : IReadinessCheck
    {
        private readonly TaskCompletionSource wasAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked { get; private set; }
        public ReadinessResult Result { get; set; } = ReadinessResult.Fine("well");
        public Task<ReadinessResult>? Hangs { get; set; }
        public Task WasAsked => wasAsked.Task;
        public string Name => "check";

        public Task<ReadinessResult> AskAsync(CancellationToken ct)
        {
            Asked++;
            wasAsked.TrySetResult();
            return Hangs ?? Task.FromResult(Result);
        }
    }

    private sealed class Life : IHostApplicationLifetime
    {
        private readonly CancellationTokenSource stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => stopping.Token;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => stopping.Cancel();
    }
}
