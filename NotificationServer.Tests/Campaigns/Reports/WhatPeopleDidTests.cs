using System.Globalization;
using NotificationServer.Campaigns.Reports;
using NotificationServer.Tests.Campaigns.Runs;

namespace NotificationServer.Tests.Campaigns.Reports;

/// The people behind the figures of engagement, and the figures by language.
public sealed class WhatPeopleDidTests(RunWorld world) : IClassFixture<RunWorld>
{
    private const string Engage = """
        insert into engaged (message_id, kind, by_whom, at, day, client_id, template, template_version, channel, provider, campaign_run_id)
        select m.id, k.kind, k.whom, now(), current_date, m.client_id, m.template, 1, m.channel, m.provider, m.campaign_run_id
        from messages m
        join (values (5, 'opened', 'human'), (7, 'opened', 'machine'), (10, 'clicked', 'human'), (20, 'unsubscribed', 'human')) as k(each, kind, whom) on right(m.user_id, 4)::integer % k.each = 0
        where m.campaign_run_id = @run and m.status = 'sent'
        on conflict do nothing
        """;

    [Fact]
    public async Task Who_opened_clicked_or_did_not_is_a_list_page_by_page_and_machines_are_nobody()
    {
        var run = await GivenSentAsync(failEach: 9);
        var sent = await IdsAsync("status = 'sent'", run);
        Assert.InRange(sent.Count, 80, 95);

        Assert.Equal(sent.Where(n => n % 5 == 0), await ListedAsync(run, "opened"));
        Assert.Equal(sent.Where(n => n % 10 == 0), await ListedAsync(run, "clicked"));
        Assert.Equal(sent.Where(n => n % 20 == 0), await ListedAsync(run, "unsubscribed"));
        Assert.Equal(sent.Where(n => n % 5 != 0), await ListedAsync(run, "not_opened"));
        Assert.Empty(await ListedAsync(run, "replied"));
        Assert.Equal(await ListedAsync(run, "opened"), await ListedAsync(run, "opened", new RecipientFilter { Status = "sent", Channels = ["email"] }));
        Assert.Empty(await ListedAsync(run, "opened", new RecipientFilter { Status = "failed" }));
        Assert.Empty(await ListedAsync(run, "opened", new RecipientFilter { Status = "withdrawn" }));
        Assert.Equal(sent.Where(n => n % 5 == 0 && n % 4 == 0), await ListedAsync(run, "opened", new RecipientFilter { Locale = "de" }));
        Assert.Equal((await world.Get<FiguresReader>().OfRunAsync(run.CampaignId, run.RunId, default))!.Did("opened_human"), (await ListedAsync(run, "opened")).Count); // it is there

        var opener = sent.First(n => n % 5 == 0);
        var other = sent.First(n => n % 5 != 0);
        Assert.Single(await ListedAsync(run, "opened", new RecipientFilter { Person = $"u{opener:0000}" }));
        Assert.Empty(await ListedAsync(run, "not_opened", new RecipientFilter { Person = $"u{opener:0000}" }));
        Assert.Empty(await ListedAsync(run, "opened", new RecipientFilter { Person = $"u{other:0000}" }));
        Assert.Single(await ListedAsync(run, "not_opened", new RecipientFilter { Person = $"u{other:0000}" }));
    }

    [Fact]
    public async Task The_figures_of_the_languages_add_up_to_the_run_before_and_after_they_are_folded()
    {
        var run = await GivenSentAsync(failEach: 9);

        foreach (var isFolded in new[] { false, true })
        {
            if (isFolded) await world.FoldAsync();
            var figures = (await world.Get<FiguresReader>().OfRunAsync(run.CampaignId, run.RunId, default))!; // it is there
            Assert.True(figures.LocalesAddUp);
            Assert.Equal(["en", "", "de"], figures.Locales.Select(one => one.Locale));
            Assert.Equal([50L, 25L, 25L], figures.Locales.Select(one => one.Of("accepted")));
            foreach (var (status, count) in figures.Statuses) Assert.Equal(count, figures.Locales.Sum(one => one.Of(status)));
            foreach (var (metric, count) in figures.Engagement) Assert.Equal(count, figures.Locales.Sum(one => one.Of(metric)));
            Assert.Equal(figures.Taken, figures.Locales.Sum(one => one.Of("taken")));
            Assert.Equal((await IdsAsync("status = 'sent' and locale = 'de'", run)).Count(n => n % 5 == 0), figures.Locales[2].Of("opened_human"));
        }
        Assert.Equal(0, await world.AskAsync<long>("select count(*) from campaign_locale_deltas"));
    }

    /// To a hundred people, of whom a quarter reads German and of a quarter it is not known.
    private async Task<CampaignFigures> GivenSentAsync(int failEach)
    {
        await world.GivenPeopleAsync(100);
        await world.DoAsync("update users set locale = case right(id, 4)::integer % 4 when 0 then 'de' when 1 then null else locale end");
        var campaign = await world.GivenDueAsync();
        await world.DriveAsync();
        await world.SendAllAsync(failEach);
        await world.DriveAsync();
        var run = (await world.RunOfAsync(campaign)).Id;
        await world.DoAsync(Engage, new { run });
        return (await world.Get<FiguresReader>().OfRunAsync(campaign, run, default))!; // it is there
    }

    private async Task<List<int>> IdsAsync(string condition, CampaignFigures run)
    {
        var ids = await world.AskAsync<string>($"select coalesce(string_agg(right(user_id, 4), ',' order by user_id), '') from messages where campaign_run_id = @RunId and {condition}", new { run.RunId });
        return [.. ids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    private async Task<List<int>> ListedAsync(CampaignFigures run, string did, RecipientFilter? filter = null)
    {
        var (found, cursor) = (new List<int>(), (string?)null);
        do
        {
            var page = await world.Get<RecipientList>().ReadAsync(run, (filter ?? new RecipientFilter()) with { Did = Doing.Of(did) }, cursor, 7, default);
            Assert.True(page.Rows.Count <= 7);
            found.AddRange(page.Rows.Select(row => int.Parse(row.UserId.AsSpan(1), CultureInfo.InvariantCulture))); // nobody was erased
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(found.Count, found.Distinct().Count());
        return [.. found.Order()];
    }
}
