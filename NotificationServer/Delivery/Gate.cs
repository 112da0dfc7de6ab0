using System.Diagnostics;
using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Delivery;

/// Neither: go ahead.
internal readonly record struct Judgement(string? Refusal, TimeSpan? Wait);

/// The last look before a send: blocks, preferences, suppressions, quiet hours and limits as they are now, not as they were at intake.
internal sealed class Gate(RecipientReader recipients, ContactTokens tokens)
{
    private const string NoAddress = "no_address";

    /// What was read, and when: it goes stale.
    internal sealed record Reading(KnownRecipients Known, long At)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(At);

        /// Of the messages whose category has a limit.
        public IReadOnlyDictionary<Guid, TokenAnswer> Tokens { get; init; } = new Dictionary<Guid, TokenAnswer>();

        public Judgement Judge(Brief brief)
        {
            var judged = WithoutLimit(brief);
            // Who is to be told in spite of the limit has had the token taken too, as far as there was one: it counts as being told.
            if (judged != default || brief.Payload.IgnoreFrequencyCap == true || !Tokens.TryGetValue(brief.Job.Id, out var token)) return judged;
            return token.Verdict switch
            {
                TokenVerdict.Go => default,
                TokenVerdict.Wait => new Judgement(null, token.At - Known.Now),
                TokenVerdict.Drop => new Judgement(ContactTokens.Capped, null),
                TokenVerdict.Merged => new Judgement(ContactTokens.Merged, null),
            };
        }

        /// With the token that the device has today, which may have changed since the message was accepted.
        public Brief AsItIsNow(Brief brief) => DeviceOf(brief) is { } device && device.Token != brief.Address
            ? brief with { Address = device.Token, PushProvider = device.PushProvider, AppId = device.AppId }
            : brief;

        internal Judgement WithoutLimit(Brief brief)
        {
            var person = PersonOf(brief);
            if (ReachRules.Refusal(person, brief.Channel, brief.Category, brief.Address, Known) is { } refusal) return new Judgement(refusal, null);
            if (IsGone(brief, person)) return new Judgement(NoAddress, null);
            var quiet = QuietRules.Of(person, brief.Category, brief.Payload.RespectQuietHours ?? true, Known.Now, brief.Job.ExpiresAt);
            return quiet.Refused ? new Judgement(QuietRules.Reason, null) : new Judgement(null, quiet.Until - Known.Now);
        }

        /// Forgotten, or the device is somebody else's now: what was meant for one person must not reach another.
        private bool IsGone(Brief brief, Person? person) => brief.UserId is not null
            && (person is not { IsKnown: true } || (brief.Channel.Family() == ChannelFamily.Push && DeviceOf(brief) is null));

        /// What the words may know of the person; null: they do not speak of anybody.
        public PersonValues? PersonFor(Brief brief) => !brief.WantsPerson ? null
            : brief.UserId is { } id && Known.Profiles.GetValueOrDefault(id) is { } own ? PersonValues.Of(own.Id, own.Locale, own.TimeZone, own.Country, own.Attributes)
            : PersonValues.Nobody;

        public string? CountryOf(Brief brief) => PersonOf(brief)?.Country;

        private Person? PersonOf(Brief brief) => brief.UserId is null ? null : Known.People.GetValueOrDefault(brief.UserId);

        private ReachableDevice? DeviceOf(Brief brief)
        {
            if (brief.Channel.Family() != ChannelFamily.Push || PersonOf(brief) is not { } person) return null;
            ReachableDevice? sameToken = null;
            foreach (var device in person.Devices)
            {
                if (ChannelNames.OfPlatform(device.Platform) != brief.Channel) continue;
                if (device.Id == brief.DeviceId) return device;
                if (device.Token == brief.Address) sameToken = device;
            }
            return sameToken;
        }
    }

    /// Both as they are now: read again if the reading is too old, or if the device has another token by now, of which nothing was read.
    public async ValueTask<(Brief Brief, Reading Reading)> RefreshAsync(Brief brief, Reading reading, TimeSpan maxAge, CancellationToken ct)
    {
        if (reading.Age > maxAge) reading = await ReadAsync([brief], ct);
        var now = reading.AsItIsNow(brief);
        return ReferenceEquals(now, brief) ? (brief, reading) : (now, await ReadAsync([now], ct));
    }

    public async Task<Reading> ReadAsync(IReadOnlyList<Brief> briefs, CancellationToken ct)
    {
        // The age counts from before the question: what was stored while it was under way may not be in the answer.
        var at = Stopwatch.GetTimestamp();
        var users = briefs.Where(brief => brief.UserId is not null).Select(brief => brief.UserId!).Distinct().ToList();
        var addresses = briefs.Select(brief => brief.Address).Distinct().ToList();
        var pushes = briefs.Where(brief => brief.UserId is not null && brief.Channel.Family() == ChannelFamily.Push)
            .Select(brief => (brief.UserId!, brief.Channel)).Distinct().ToList();
        var spoken = briefs.Where(brief => brief is { WantsPerson: true, UserId: not null }).Select(brief => brief.UserId!).Distinct().ToList();
        var reading = new Reading(await recipients.ReadForSendingAsync(users, addresses, pushes, spoken, ct), at);

        // Only for who would be told otherwise: what is held back anyway must not use up what a person is told.
        var limited = briefs.Where(brief => brief is { UserId: not null, Sandbox: false, Category.Limit: not null } && reading.WithoutLimit(brief) == default).ToList();
        return limited.Count == 0 ? reading : reading with { Tokens = await TakeAsync(limited, ct) };
    }

    private async Task<Dictionary<Guid, TokenAnswer>> TakeAsync(List<Brief> limited, CancellationToken ct)
    {
        var answers = await tokens.TakeAsync(limited.ConvertAll(brief => new TokenWish(
            brief.UserId!, brief.Channel.Family().Name(), brief.Category.Key, brief.NotificationId, brief.Job.ExpiresAt)), ct); // limited ones have a user
        return limited.Zip(answers).ToDictionary(pair => pair.First.Job.Id, pair => pair.Second);
    }
}
