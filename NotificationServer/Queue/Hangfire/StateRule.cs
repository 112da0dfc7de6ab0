using Hangfire.Common;
using Hangfire.States;
using HangfireJob = Hangfire.Common.Job;

namespace NotificationServer.Queue.Hangfire;

/// The one rule of what state a message's job gets: what the row says. Hangfire asks it before every change of state, whoever
/// wants it: a worker that is done, a person at the dashboard, its scheduler, or this server.
internal sealed class StateRule(DashboardDecisions decisions, TimeProvider clock) : IElectStateFilter
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    public void OnStateElection(ElectStateContext context)
    {
        if (context.BackgroundJob.Job is not { } job || job.Type != typeof(DeliveryJob)) return;
        if (decisions.IsAtWork)
            context.CandidateState = decisions.Decide((Guid)job.Args[0], context.CandidateState);
        else if (context.CandidateState is FailedState { Exception: NotSent { State: { IsFailed: true } state } } failed)
            failed.Reason = state.Reason;
        else if (context.CandidateState is FailedState { Exception: NotSent { State: var now } })
            context.CandidateState = now.ToHangfire();
        else if (context.CandidateState is FailedState broken)
            // The database was away, or a defect: the message is not failed, so its job must not be either.
            context.CandidateState = new ScheduledState((clock.GetUtcNow() + AfterTrouble).UtcDateTime) { Reason = broken.Exception.Message };
    }

    public static IJobFilterProvider Filters(StateRule rule) => new Only(new JobFilter(rule, JobFilterScope.Global, null));

    /// Not Hangfire's own global filters: their automatic retry has other delays than ours, and they are shared by all servers of a process.
    private sealed class Only(JobFilter filter) : IJobFilterProvider
    {
        private readonly JobFilter[] filters = [filter];

        public IEnumerable<JobFilter> GetFilters(HangfireJob job) => filters;
    }
}
