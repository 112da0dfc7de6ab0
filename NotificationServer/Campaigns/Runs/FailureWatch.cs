using System.Globalization;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Plans;
using Npgsql;

namespace NotificationServer.Campaigns.Runs;

/// Holds a run of which too much fails, until a person says: go on. Then only what fails from there on counts.
internal sealed class FailureWatch(IOptions<RunOptions> options)
{
    /// True: it is held now.
    public async Task<bool> LookAsync(NpgsqlConnection connection, Run run, RunBooks books, CancellationToken ct)
    {
        if (run.Plan.OnError != OnError.Pause) return false;
        var (failed, answered) = (books.Failed - run.FailedBefore, books.Answered - run.AnsweredBefore);
        if (answered < options.Value.FailuresCountFrom || failed * 100 < answered * run.Plan.FailureLimitPercent) return false;
        var reason = string.Create(CultureInfo.InvariantCulture,
            $"{failed:#,0} of {answered:#,0} messages failed or bounced: {100.0 * failed / answered:0.#} %, and the limit is {run.Plan.FailureLimitPercent} %.");
        return await RunPause.ByServerAsync(connection, run.Id, reason, ct);
    }
}
