using NotificationServer.Channels;
using NotificationServer.Channels.Receipts;
using NotificationServer.Platform;
using NotificationServer.Queue;
using NotificationServer.Recipients.Consents;
using NotificationServer.Tests.Queue;
using NotificationServer.Tracking.Receipts;

namespace NotificationServer.Tests.Tracking.Receipts;

/// What follows from a receipt, over the queue's own rows.
public sealed class ReceiptBookTests(QueueFixture queue) : IClassFixture<QueueFixture>
{
    private static readonly ReceiptSource Twilio = new("twilio", "twilio", ChannelFamily.Sms, IsSigned: true);
    private static readonly ReceiptSource SendGrid = new("sendgrid", "sendgrid", ChannelFamily.Email, IsSigned: true);
    private static readonly ReceiptKind[] Story = [ReceiptKind.Sent, ReceiptKind.Failed, ReceiptKind.Delivered, ReceiptKind.Bounced];

    private ReceiptBook Book => queue.Book;

    [Fact]
    public async Task The_order_in_which_things_are_told_does_not_matter()
    {
        foreach (var order in Orders(Story))
        {
            foreach (var sentAt in Enumerable.Range(0, order.Length + 1))
            {
                var job = await queue.GivenRunning();
                for (var i = 0; i <= order.Length; i++)
                {
                    if (i == sentAt) await queue.Write(QueueFixture.Sent(job));
                    if (i < order.Length) await TakeAsync(Twilio, Told(job.Id, order[i]));
                }
                Assert.Equal(MessageStatus.Bounced, await queue.StatusOf(job.Id));
                Assert.Equal(0, await queue.Query<int>("select count(*) from jobs where id = @Id", new { job.Id }));
                Assert.Equal(0, await queue.Query<int>("select count(*) from dead_letters where message_id = @Id", new { job.Id }));
            }
        }
        await queue.Rollup.RunOnceAsync(CancellationToken.None);
        Assert.Empty(await queue.BalanceSweep.CheckAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_receipt_that_comes_before_our_own_sent_wins_and_the_attempt_is_on_record_all_the_same()
    {
        var job = await queue.GivenRunning();

        await TakeAsync(Twilio, Told(job.Id, ReceiptKind.Delivered));
        Assert.Equal(MessageStatus.Delivered, await queue.StatusOf(job.Id));
        await queue.Write(QueueFixture.Sent(job));

        Assert.Equal(MessageStatus.Delivered, await queue.StatusOf(job.Id));
        Assert.Equal(["accepted"], await queue.OutcomesOf(job.Id));
        Assert.Equal(1, await queue.Query<int>("select attempts from messages where id = @Id", new { job.Id }));
    }

    [Fact]
    public async Task What_arrived_although_its_answer_was_lost_is_not_sent_again()
    {
        foreach (var kind in new[] { ReceiptKind.Progress, ReceiptKind.Sent, ReceiptKind.Delivered })
        {
            var job = await queue.GivenRunning();
            await queue.Write(QueueFixture.Again(job, TimeSpan.FromHours(1)));

            await TakeAsync(Twilio, Told(job.Id, kind));

            Assert.Equal(kind == ReceiptKind.Delivered ? MessageStatus.Delivered : MessageStatus.Sent, await queue.StatusOf(job.Id));
            Assert.Equal(0, await queue.Query<int>("select count(*) from jobs where id = @Id", new { job.Id }));
        }
    }

    [Fact]
    public async Task What_the_carrier_gave_up_is_a_dead_letter_that_a_person_may_send_again()
    {
        var job = await queue.GivenRunning();
        await queue.Write(QueueFixture.Sent(job));
        var failed = Told(job.Id, ReceiptKind.Failed) with { Code = "30003", Class = SendStatus.Transient };
        await TakeAsync(Twilio, failed);

        Assert.Equal(("30003", "twilio"), await queue.Query<(string, string)>("select error_code, provider from dead_letters where message_id = @Id", new { job.Id }));
        Assert.Equal(RequeueStatus.Requeued, await queue.Requeue.RequeueAsync(job.Id, "reachable again", "test", null, CancellationToken.None));
        // What was told of the first try is no news of the second; nor is a repeat.
        await TakeAsync(Twilio, failed, Told(job.Id, ReceiptKind.Sent) with { At = TimeProvider.System.GetUtcNow().AddHours(-1) });

        Assert.Equal(MessageStatus.Queued, await queue.StatusOf(job.Id));
        Assert.Single(await queue.Claim(), again => again.Id == job.Id);
    }

    [Fact]
    public async Task A_repeat_counts_once_also_within_one_call_and_an_unknown_message_is_kept()
    {
        var job = await queue.GivenRunning();
        await queue.Write(QueueFixture.Sent(job));
        var one = Told(job.Id, ReceiptKind.Delivered);
        var nobody = Told(Guid.CreateVersion7(), ReceiptKind.Delivered);
        var nameless = Told(null, ReceiptKind.Delivered) with { ProviderMessageId = "SM-nobody-s" };

        Assert.Equal(3, await TakeAsync(Twilio, one, one, nobody, nameless, nameless));
        Assert.Equal(0, await TakeAsync(Twilio, one, nobody, nameless));
        Assert.Equal(1, await queue.Query<int>("select count(*) from receipts where message_id = @Id", new { job.Id }));
    }

    [Fact]
    public async Task A_text_is_found_by_the_provider_s_id_where_ours_is_missing()
    {
        var job = await queue.GivenRunning();
        var sent = QueueFixture.Sent(job);
        await queue.Write(sent with { Attempt = sent.Attempt! with { ProviderMessageId = "SM-only-theirs" } });

        await TakeAsync(Twilio, Told(null, ReceiptKind.Delivered) with { ProviderMessageId = "SM-only-theirs" });

        Assert.Equal(MessageStatus.Delivered, await queue.StatusOf(job.Id));
    }

    [Fact]
    public async Task A_vendor_has_no_say_in_another_channel()
    {
        var job = await queue.GivenRunning();
        await queue.Write(QueueFixture.Sent(job));

        await TakeAsync(SendGrid, Told(job.Id, ReceiptKind.Bounced) with { News = AddressNews.Dead });

        Assert.Equal(MessageStatus.Sent, await queue.StatusOf(job.Id));
        Assert.Equal(0, await queue.Query<int>("select count(*) from suppressions where address = '+15550100'", new { }));
    }

    [Theory]
    [InlineData(AddressNews.Dead, "hard_bounce", "", null)]
    [InlineData(AddressNews.Complained, "complaint", "", "complaint")]
    [InlineData(AddressNews.Unsubscribed, "unsubscribed", "", "provider_unsubscribe")]
    [InlineData(AddressNews.UnsubscribedFromGroup, "unsubscribed", "class:marketing", "provider_unsubscribe")]
    internal async Task An_address_that_came_back_is_suppressed_and_a_person_s_word_is_on_record(AddressNews news, string reason, string category, string? source)
    {
        var address = $"{Guid.CreateVersion7():N}@example.org";
        // Told of a mail that is no longer (or never was) ours; SendGrid signs, so that its word holds.
        await TakeAsync(SendGrid, Told(null, ReceiptKind.Unknown) with { News = news, Address = address });

        Assert.Equal((reason, category), await queue.Query<(string, string)>("select reason, category from suppressions where address = @address", new { address }));
        var said = await queue.QueryAll<string>("select source from consents where address_hash = @hash and not opt_in", new { hash = new AddressHash(queue.Secrets).Of(address) });
        Assert.Equal(source is null ? [] : [source], said);
    }

    [Fact]
    public async Task What_nobody_signed_suppresses_only_the_address_of_a_message_of_ours()
    {
        var address = $"{Guid.CreateVersion7():N}@example.org";
        var mailbox = new ReceiptSource("smtp", "smtp", ChannelFamily.Email, IsSigned: false);

        await TakeAsync(mailbox, Told(null, ReceiptKind.Bounced) with { News = AddressNews.Dead, Address = address });

        Assert.Equal(0, await queue.Query<int>("select count(*) from suppressions where address = @address", new { address }));
    }

    [Fact]
    public async Task A_complaint_outlasts_a_bounce_and_a_bounce_does_not_hide_a_complaint()
    {
        var address = $"{Guid.CreateVersion7():N}@example.org";
        foreach (var news in new[] { AddressNews.Dead, AddressNews.Complained, AddressNews.Dead })
            await TakeAsync(SendGrid, Told(null, ReceiptKind.Unknown) with { News = news, Address = address });

        Assert.Equal("complaint", await queue.Query<string>("select reason from suppressions where address = @address", new { address }));
    }

    [Fact]
    public async Task A_thousand_events_at_once_and_the_same_from_both_ends_end_well()
    {
        var jobs = new List<Job>();
        await queue.GivenMessages([.. Enumerable.Range(0, 500).Select(_ => QueueFixture.New(Guid.CreateVersion7()))]);
        jobs.AddRange(await queue.Claim());
        var told = jobs.SelectMany(job => new[] { Told(job.Id, ReceiptKind.Sent), Told(job.Id, ReceiptKind.Delivered) }).ToArray();

        await Task.WhenAll(
            TakeAsync(Twilio, told), TakeAsync(Twilio, [.. told.Reverse()]),
            queue.Write([.. jobs.Select(QueueFixture.Sent)]));

        Assert.Equal(jobs.Count, await queue.Query<int>("select count(*) from messages where id = any(@ids) and status = 'delivered'", new { ids = jobs.Select(job => job.Id).ToArray() }));
        Assert.Equal(2 * jobs.Count, await queue.Query<int>("select count(*) from receipts where message_id = any(@ids)", new { ids = jobs.Select(job => job.Id).ToArray() }));
    }

    [Fact]
    public async Task What_is_about_no_message_of_ours_leaves_by_its_age()
    {
        await TakeAsync(Twilio, Told(null, ReceiptKind.Delivered) with { Key = "old" }, Told(null, ReceiptKind.Delivered) with { Key = "young" });
        await queue.Execute("update receipts set received_at = now() - interval '91 days' where message_id = @none and key in (select key from receipts where message_id = @none order by key limit 1)", new { none = Guid.Empty });
        var before = await queue.Query<int>("select count(*) from receipts", new { });

        await new ReceiptRetention(queue.Db, Microsoft.Extensions.Options.Options.Create(new RetentionOptions())).RunOnceAsync(CancellationToken.None);

        Assert.Equal(before - 1, await queue.Query<int>("select count(*) from receipts", new { }));
    }

    private Task<int> TakeAsync(ReceiptSource from, params Receipt[] receipts) => Book.TakeAsync(from, receipts, CancellationToken.None);

    private static Receipt Told(Guid? message, ReceiptKind kind) => new()
    {
        Event = kind.Name(), Kind = kind, MessageId = message, At = TimeProvider.System.GetUtcNow(), Key = $"{Guid.CreateVersion7()}",
        Code = kind is ReceiptKind.Failed or ReceiptKind.Bounced ? "30005" : null,
    };

    private static IEnumerable<ReceiptKind[]> Orders(ReceiptKind[] of) => of.Length <= 1 ? [of]
        : of.SelectMany(one => Orders([.. of.Where(other => other != one)]).Select(rest => (ReceiptKind[])[one, .. rest]));
}
