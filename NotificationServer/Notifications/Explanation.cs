using Dapper;
using NotificationServer.Channels;
using NotificationServer.Channels.Accounts;
using NotificationServer.Recipients;
using NotificationServer.Templates;
using NotificationServer.Templates.Preview;
using Npgsql;

namespace NotificationServer.Notifications;

/// What would become of one message. Reasons: every rule that keeps it from going, the one that would be told first. Rendered: the words, or those
/// for somebody else.
internal sealed record ExplainedMessage(
    RecipientReference Recipient, Target Target, IReadOnlyList<string> Reasons, string? Provider, string? RouteRule, DateTimeOffset SendAt, Content? Rendered, string? RenderError)
{
    /// The words speak of the example, not of the recipient.
    public bool IsExample { get; init; }


    public bool WouldSend => Reasons.Count == 0;
}

/// What would become of a request. DuplicateOf: its event id was used for this notification, so that nothing new would be sent.
internal sealed record Explained(PreparedRequest Prepared, Guid? DuplicateOf, bool SameContent, IReadOnlyList<ExplainedMessage> Messages);

/// Decides as intake does, by the same code, and stores nothing.
internal sealed class Explanation(NpgsqlDataSource db, Preparation preparation, RecipientReader recipients, ProviderRoutes routes)
{
    public const string Duplicate = "duplicate";

    /// MayKnowPeople: whether who asks may read profiles. Words can be written that tell all that is known of somebody; to others they are said of an
    /// example, while what becomes of the message is decided by the recipient's own profile for all.
    public async Task<(Explained? Explained, IReadOnlyList<IntakeError> Errors)> OfAsync(NotificationRequest request, bool mayKnowPeople, CancellationToken ct)
    {
        var (prepared, errors) = await preparation.PrepareAsync(request, ct);
        if (prepared is null) return (null, errors);

        var known = await KnownTo.ReadAsync(recipients, [prepared], ct);
        var first = request.EventId is null ? null : await FindEventAsync(request, ct);
        var words = new Dictionary<(ChannelFamily, string?, string?, string?), Said>();
        var profiles = prepared.Template is { } template && prepared.Channels.Any(channel => template.WantsPerson(channel.Family()))
            ? await recipients.ReadProfilesAsync([.. request.To.Select(to => to.UserId).OfType<string>().Distinct()], ct) : null;
        var messages = new List<ExplainedMessage>();
        foreach (var (recipient, target) in Decision.Targets(prepared, known, routes))
            messages.Add(Explain(prepared, recipient, target, known, profiles, words, duplicate: first is not null, mayKnowPeople));
        return (new Explained(prepared, first?.NotificationId, first is null || first.RequestHash.AsSpan().SequenceEqual(prepared.Hash), messages), []);
    }

    private ExplainedMessage Explain(
        PreparedRequest prepared, RecipientReference recipient, Target target, KnownRecipients people,
        IReadOnlyDictionary<string, Profile>? profiles, Dictionary<(ChannelFamily, string?, string?, string?), Said> words, bool duplicate, bool mayKnowPeople)
    {
        var request = prepared.Request;
        var known = ChannelNames.TryParse(target.Channel, out var channel);
        var family = known ? channel.Family() : ChannelFamily.Push;
        // Words that speak of nobody are the same for all who share a language.
        var person = profiles is null || prepared.Template?.WantsPerson(family) != true ? null : PersonOf(recipient, profiles);
        var voice = (family, target.Locale, target.TimeZone, person?.Id);
        if (!words.TryGetValue(voice, out var said))
        {
            said = WordsFor(prepared, family, target, person);
            words[voice] = said = mayKnowPeople || person?.Id is null ? said : OfExample(prepared, family, target, said);
        }
        var reasons = target.Refusals.All().ToList();
        if (said.Content is null) reasons.Add(RenderResult.TemplateError);
        if (duplicate) reasons.Add(Duplicate);
        var route = known ? routes.Of(Decision.QueryOf(prepared, recipient, target, channel, people)) : new AccountRoute([], null);
        var at = (target.NotBefore ?? request.SendAt) is { } later && later > people.Now ? later : people.Now;
        return new ExplainedMessage(
            recipient, target, reasons, route.Candidates is [var first, ..] ? first.Key : null, route.Rule, at, said.Shown, said.Error) { IsExample = said.IsExample };
    }

    private static PersonValues PersonOf(RecipientReference recipient, IReadOnlyDictionary<string, Profile> profiles) =>
        recipient.UserId is { } id && profiles.GetValueOrDefault(id) is { } own ? PersonValues.Of(own.Id, own.Locale, own.TimeZone, own.Country, own.Attributes) : PersonValues.Nobody;

    /// As at the moment of a send, where the same template is given the same data.
    private static Said WordsFor(PreparedRequest prepared, ChannelFamily family, in Target target, PersonValues? person)
    {
        if (prepared.Template is { } template)
        {
            var rendered = template.Render(family, prepared.Request.Payload.Data, SettingOf(target, person));
            return new Said(rendered.Content, rendered.ErrorMessage);
        }
        var own = prepared.Request.Payload.Content;
        return new Said(own is null ? null : family switch
        {
            ChannelFamily.Push => new Content(Title: own.Title, Body: own.Body, Data: own.Data),
            ChannelFamily.Sms => new Content(Text: own.Text),
            ChannelFamily.Email => new Content(Subject: own.Subject, Text: own.Text, Html: own.Html),
        }, null);
    }

    /// What can be said to the recipient, said of the example instead. What cannot be said stays so: it is why nothing would be sent.
    private static Said OfExample(PreparedRequest prepared, ChannelFamily family, in Target target, Said own)
    {
        if (own.Content is null || prepared.Template is not { } template) return own;
        var (data, _) = StandIns.Fill(prepared.Request.Payload.Data, template.Wording.Variables(family, target.Locale).Where(variable => PersonVariables.Contains(variable.Path)));
        return own with { Shown = template.Render(family, data, SettingOf(target, PersonValues.Example)).Content, IsExample = true };
    }

    private static RenderSetting SettingOf(in Target target, PersonValues? person) => new(target.Locale, target.TimeZone, LinkVariables.Examples) { Person = person };

    private async Task<StoredEvent?> FindEventAsync(NotificationRequest request, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<StoredEvent>(
            new CommandDefinition(IntakeKeys.Sql.FindEvent, new { client = request.ClientId, @event = request.EventId }, cancellationToken: ct));
    }

    /// Content: to the recipient; null where nothing can be said, which Error explains. Shown: to who asks.
    private readonly record struct Said(Content? Content, string? Error)
    {
        public Content? Shown { get; init; } = Content;
        public bool IsExample { get; init; }
    }

    private sealed record StoredEvent(byte[] RequestHash, Guid NotificationId);
}
