using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Templates;
using NotificationServer.Templates.Lint;
using NotificationServer.Templates.Preview;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Templates;

public sealed class TemplateStoreTests : IClassFixture<Database>
{
    private static readonly TemplateParts Hello = new(Sms: new SmsPart("Hello {{name}}"));
    private static readonly PublishGate Gate = new(new LintReader(new Previewer(TimeProvider.System)));
    private readonly Database db;
    private readonly TemplateCatalog catalog;
    private readonly TemplateStore store;

    public TemplateStoreTests(Database db)
    {
        this.db = db;
        catalog = Catalog(TimeSpan.FromMinutes(1));
        store = new TemplateStore(db.Source, catalog, Gate);
    }

    [Fact]
    public async Task A_new_template_is_published_and_found_with_its_category()
    {
        var change = await store.CreateAsync("new-one", "New one", "orders", Hello, "client:shop", default);

        var template = await catalog.FindAsync("new-one", null, default);
        Assert.Equal((TemplateChangeStatus.Done, 1), (change.Status, change.Version));
        Assert.Equal(("new-one", 1, "orders"), (template?.Key, template?.Version, template?.Category));
        Assert.Equal("Hello Ann", template?.Render(ChannelFamily.Sms, Saying.Data(new { name = "Ann" })).Content?.Text);
        Assert.Equal("client:shop", (await store.FindVersionAsync("new-one", 1, default))?.CreatedBy);
    }

    [Fact]
    public async Task A_draft_changes_nothing_until_it_is_published_and_the_old_version_still_speaks()
    {
        await store.CreateAsync("edited", "Edited", null, Hello, "a", default);
        await catalog.FindAsync("edited", null, default);

        var draft = await store.AddVersionAsync("edited", new TemplateParts(Sms: new SmsPart("Hi {{name}}")), "b", default);
        Assert.Equal(1, (await catalog.FindAsync("edited", null, default))?.Version);

        await store.PublishAsync("edited", null, "b", default);
        Assert.Equal((2, 2), (draft.Version, (await catalog.FindAsync("edited", null, default))?.Version));
        Assert.Equal("Hello Ann", (await catalog.FindAsync("edited", 1, default))?.Render(ChannelFamily.Sms, Saying.Data(new { name = "Ann" })).Content?.Text);

        await store.PublishAsync("edited", 1, "b", default);
        Assert.Equal(1, (await catalog.FindAsync("edited", null, default))?.Version);
    }

    [Fact]
    public async Task Another_node_follows_within_the_maximum_age()
    {
        await store.CreateAsync("shared", "Shared", null, Hello, "a", default);
        var clock = new ManualClock();
        var otherNode = new TemplateCatalog(db.Source, Options.Create(new TemplatesOptions { PublishedMaxAge = TimeSpan.FromSeconds(2) }), clock);
        await otherNode.FindAsync("shared", null, default);
        await store.AddVersionAsync("shared", Hello, "a", default);
        await store.PublishAsync("shared", 2, "a", default);

        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, (await otherNode.FindAsync("shared", null, default))?.Version);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, (await otherNode.FindAsync("shared", null, default))?.Version);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_not_remembered()
    {
        Assert.Null(await catalog.FindAsync("later", null, default));
        Assert.Null(await catalog.FindAsync("later", 1, default));

        await new TemplateStore(db.Source, Catalog(TimeSpan.FromMinutes(1)), Gate).CreateAsync("later", "Later", null, Hello, "a", default);

        Assert.NotNull(await catalog.FindAsync("later", null, default));
        Assert.NotNull(await catalog.FindAsync("later", 1, default));
        Assert.Null(await catalog.FindAsync("later", 2, default));
        Assert.Equal(TemplateChange.NotFound, await store.PublishAsync("later", 7, "a", default));
        Assert.Equal(TemplateChange.NotFound, await store.AddVersionAsync("nobody", Hello, "a", default));
    }

    [Fact]
    public async Task A_key_is_taken_once_and_versions_added_at_once_get_numbers_of_their_own()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.CreateAsync("race", "Race", null, Hello, "a", default)));
        Assert.Single(created, c => c.Status == TemplateChangeStatus.Done);
        Assert.Equal(7, created.Count(c => c.Status == TemplateChangeStatus.KeyTaken));

        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.AddVersionAsync("race", Hello, "a", default)));
        Assert.Equal(Enumerable.Range(2, 8), added.Select(c => c.Version).Order());
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_points_at_the_field()
    {
        var change = await store.CreateAsync("Not a key", " ", "nothing", new TemplateParts(
            new PushPart(Data: Saying.Json("[]")), new SmsPart(" "), new EmailPart(null, "<b>{{{x}}}</b>\n", null)), "a", default);

        Assert.Equal(
            [
                ("/key", "invalid_key"), ("/name", "invalid_name"), ("/category", "unknown_category"), ("/channels/push", "required"), ("/channels/sms/body", "required"),
                ("/channels/email/subject", "required"), ("/channels/push/data", "not_an_object"), ("/channels/email/html", "raw_output"),
            ],
            change.Errors.Select(e => (e.Pointer, e.Code)));
        Assert.Equal([("/channels", "required")], (await store.CreateAsync("k", "n", null, new TemplateParts(), "a", default)).Errors.Select(e => (e.Pointer, e.Code)));
    }

    [Fact]
    public async Task A_version_from_before_a_rule_is_found_and_renders_to_an_error()
    {
        await store.CreateAsync("old", "Old", null, Hello, "a", default);
        await using (var command = db.Source.CreateCommand("""update template_versions set parts = '{"sms":{"body":"{{{name}}}"}}' where template = 'old'"""))
            await command.ExecuteNonQueryAsync();

        var result = (await catalog.FindAsync("old", null, default))?.Render(ChannelFamily.Sms, Saying.Data(new { name = "Ann" }));

        Assert.Equal(RenderResult.TemplateError, result?.ErrorCode);
        Assert.Equal(TemplateChangeStatus.Invalid, (await store.PublishAsync("old", 1, "a", default)).Status);
    }

    [Fact]
    public async Task The_list_goes_on_after_the_last_key_and_skips_none()
    {
        string[] keys = ["list-1", "list-a", "list_b", "lista", "listz"];
        foreach (var key in keys) await store.CreateAsync(key, key, null, Hello, "a", default);

        var seen = new List<string>();
        var list = new TemplateList(db.Source);
        for (string? after = "list"; await list.ListAsync(new TemplateFilter(), after, 2, default) is { Count: > 0 } page; after = page[^1].Key) seen.AddRange(page.Select(t => t.Key));

        Assert.Equal(keys.Order(StringComparer.Ordinal), seen.Where(keys.Contains));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task One_caller_who_gives_up_disturbs_nobody_else_in_a_burst_for_the_same_template()
    {
        await store.CreateAsync("burst", "Burst", null, Hello, "a", default);
        using var impatient = new CancellationTokenSource();
        await impatient.CancelAsync();

        // It may already have its answer when it gives up.
        var gaveUp = await Record.ExceptionAsync(async () => await catalog.FindAsync("burst", null, impatient.Token));
        var found = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => catalog.FindAsync("burst", null, default).AsTask()));

        Assert.True(gaveUp is null or OperationCanceledException, $"{gaveUp}");
        Assert.All(found, template => Assert.Equal(1, template?.Version));
    }

    private TemplateCatalog Catalog(TimeSpan maxAge) =>
        new(db.Source, Options.Create(new TemplatesOptions { PublishedMaxAge = maxAge }), TimeProvider.System);

    private sealed class ManualClock : TimeProvider
    {
        private long now = 1;

        public void Advance(TimeSpan by) => now += by.Ticks;

        public override long GetTimestamp() => now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
