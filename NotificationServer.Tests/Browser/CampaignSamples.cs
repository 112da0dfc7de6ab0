using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Campaigns;
using NotificationServer.Campaigns.Plans;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Tests.Browser;

/// What a team has planned: every kind of schedule, a test, a draft that says nothing yet, and too much of one kind in a week.
internal static class CampaignSamples
{
    private const string Ada = "staff:ada@example.org";

    internal sealed record Made(string Ready, string Tested, string Weekly, string Local, string Empty);

    public static async Task<Made> IntoAsync(IServiceProvider services, NpgsqlDataSource db)
    {
        await TemplateSamples.IntoAsync(services);
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync("update categories set limit_count = 2, limit_per = interval '7 days', limit_policy = 'defer' where key = 'offers'");
        var (swiss, staff) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await connection.ExecuteAsync("""
            insert into segments (id, name, description, kind, rules, estimated_size, estimated_at, created_by, updated_by)
            values (@swiss, 'Schweiz ' || @swiss, 'Everybody whose country is CH', 'rules', '{"all":[{"field":"country","op":"in","value":["CH"]}]}', 1204311, now() - interval '2 hours', @Ada, @Ada),
                (@staff, 'Staff and testers, never to be bothered with offers of any kind ' || @staff, '', 'list', null, null, null, @Ada, @Ada)
            """, new { swiss, staff, Ada });

        var desk = services.GetRequiredService<CampaignDesk>();
        var soon = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddDays(3).AddHours(9);
        async Task<string> Add(string name, CampaignPlan plan)
        {
            var answer = await desk.CreateAsync(new CampaignDraft(name, plan), Ada, default);
            Assert.Equal(CampaignAnswerStatus.Done, answer.Status);
            return PrefixedId.Format("cmp", answer.Campaign!.Id); // it was made
        }

        var offer = new CampaignPlan { Template = "back-in-stock", Data = JsonSerializer.Deserialize<JsonElement>("""{"product":"blue lamp"}""") };
        var made = new Made(
            await Add("Blue lamps are back", offer with
            {
                Audience = new Audience { SegmentIds = [swiss], ExcludeSegmentIds = [staff] }, ThrottlePerMinute = 6_000,
                Schedule = new Schedule { Kind = ScheduleKind.At, At = soon, TimeZone = "Europe/Zurich" }, ExpiresAt = soon.AddDays(2),
                SendWindow = new SendWindow { Days = [.. Enum.GetValues<DayOfWeek>().Skip(1).Take(5)], From = new TimeOnly(9, 0), To = new TimeOnly(20, 0) },
            }),
            await Add("Which words are better, the short ones or those that say everything at once and at length?", new CampaignPlan
            {
                AbTest = new AbTest { Variants = [new Variant { Name = "Short", Template = "back-in-stock" }, new Variant { Name = "Order", Template = "order-shipped" }] },
                Schedule = new Schedule { Kind = ScheduleKind.At, At = soon.AddDays(1) },
            }),
            await Add("이번 주의 이야기", offer with { Schedule = new Schedule { Kind = ScheduleKind.Recurring, Cron = "0 9 * * 1,4", TimeZone = "Asia/Seoul" } }),
            await Add("Good morning, everybody", offer with { Schedule = new Schedule { Kind = ScheduleKind.Local, LocalTime = soon.AddDays(2).DateTime } }),
            await Add("An idea for December", new CampaignPlan()));
        await desk.SubmitAsync(Guid.ParseExact(made.Weekly[4..], "N"), null, Ada, default);
        return made;
    }
}
