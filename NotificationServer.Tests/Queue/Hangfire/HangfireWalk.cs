using Dapper;
using Hangfire.Storage;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Platform;
using NotificationServer.Tests.Admin;
using NotificationServer.Tests.Journeys;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Queue.Hangfire;

/// The words for what Hangfire says of our messages.
internal static class HangfireWalk
{
    public static IMonitoringApi Hangfire(this Walk walk) => walk.Server.Services.GetRequiredService<JobStorage>().GetMonitoringApi();

    public static async Task<string> JobOf(this Walk walk, string message)
    {
        await using var connection = await walk.Server.Database.Source.OpenConnectionAsync();
        long? id = null;
        await Eventually.IsTrueAsync(async () => (id = await connection.ExecuteScalarAsync<long?>(
            "select id from hangfire.job where arguments::text like '%' || @message || '%'", new { message = $"{IdOf(message)}" })) is not null);
        return $"{id}";
    }

    public static async Task<StateHistory> UntilJob(this Walk walk, string message, string state)
    {
        var job = await walk.JobOf(message);
        IReadOnlyList<StateHistory> history = [];
        try
        {
            await Eventually.IsTrueAsync(() => (history = [.. walk.Hangfire().JobDetails(job).History.Select(one => new StateHistory(one.StateName, one.Reason, one.Data))])[0].State == state);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The job never became {state}: {string.Join(" < ", history.Select(one => $"{one.State} ({one.Reason})"))}", e);
        }
        return history[0];
    }

    public static Guid IdOf(string message) => Guid.ParseExact(message["msg_".Length..], "N");

    public static async Task<AdminClient> SignedInAsync(this Walk walk)
    {
        var (client, file) = (new AdminClient(walk.Server.Address), walk.Server.Services.GetRequiredService<DevelopmentFile>());
        Assert.Equal(302, (int)(await client.SignInAsync(file.Get("NS_ADMIN_EMAIL")!, file.Get("NS_ADMIN_PASSWORD")!)).StatusCode); // made at its start
        return client;
    }

    internal sealed record StateHistory(string State, string? Reason, IDictionary<string, string> Data);
}
