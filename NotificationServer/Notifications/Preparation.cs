using System.Text.Json;
using NotificationServer.Channels;
using NotificationServer.Recipients;
using NotificationServer.Templates;

namespace NotificationServer.Notifications;

/// Looks up what a request names, and finds what keeps it from being decided: the same for one, for many, and for an explanation.
internal sealed class Preparation(TemplateCatalog templates, CategoryCatalog categories, ProviderAccounts accounts)
{
    public async ValueTask<(PreparedRequest? Prepared, List<IntakeError> Errors)> PrepareAsync(NotificationRequest request, CancellationToken ct)
    {
        var errors = new List<IntakeError>();
        var template = request.Template is null ? null : await templates.FindAsync(request.Template, request.TemplateVersion, ct);
        if (request.Template is not null && template is null)
            errors.Add(new("/template", "unknown_template", "There is no published template of this key and version."));

        var key = request.Category ?? template?.Category;
        var category = key is null ? CategoryRule.None : await categories.FindAsync(key, ct);
        if (request.Payload.Email?.Provider is { } wanted && accounts.Find(wanted)?.Channels.Contains(Channel.Email) != true)
            errors.Add(new("/overrides/email/provider", "unknown_provider", "There is no provider account of this key that sends mail."));
        if (category is null) errors.Add(new("/category", "unknown_category", "There is no category of this key."));
        if (errors.Count > 0) return (null, errors);

        bool CanSay(ChannelFamily family) => template?.CanSay(family) ?? request.Payload.Content?.CanSay(family) ?? false;
        var channels = request.Channels.Count > 0 ? request.Channels : Sayable(CanSay, isTemplate: template is not null).FindAll(category!.MayUse);
        errors.AddRange(OutsideOf(category!, request.Channels));
        errors.AddRange(WithoutWords(channels, CanSay, isTemplate: template is not null));
        if (template is not null) errors.AddRange(Faults(template, channels, request.Payload.Data));
        if (errors.Count > 0) return (null, errors);

        var payload = (template is null ? request.Payload : request.Payload with { Content = null }).ToJson();
        return (new PreparedRequest(request, category!, channels, template, payload), errors);
    }

    private static IEnumerable<IntakeError> OutsideOf(CategoryRule category, IReadOnlyList<Channel> asked)
    {
        if (!asked.All(category.MayUse))
            yield return new("/channels", "channel_not_in_category", $"The category {category.Key} does not use {asked.First(channel => !category.MayUse(channel)).Name()}.");
    }

    /// Text alone means SMS, but beside a subject it is the plain part of a mail: nobody should pay for an SMS by omission.
    private static List<Channel> Sayable(Func<ChannelFamily, bool> canSay, bool isTemplate)
    {
        var mail = canSay(ChannelFamily.Email);
        return ChannelNames.All
            .Where(channel => canSay(channel.Family()) && (isTemplate || channel != Channel.Sms || !mail))
            .ToList();
    }

    private static IEnumerable<IntakeError> WithoutWords(IReadOnlyList<Channel> channels, Func<ChannelFamily, bool> canSay, bool isTemplate)
    {
        if (channels.Count == 0)
            yield return new("/content", "content_missing", "There is nothing to say: give title or body for push, text for SMS, subject with text or html for e-mail.");
        foreach (var family in channels.Select(channel => channel.Family()).Distinct().Where(family => !canSay(family)))
        {
            yield return isTemplate
                ? new("/template", "content_missing", $"The template has no part for {family.Name()}.")
                : new("/content", "content_missing", $"For {family.Name()} the content needs {Needs(family)}.");
        }
    }

    private static string Needs(ChannelFamily family) => family switch
    {
        ChannelFamily.Push => "a title, a body or data",
        ChannelFamily.Sms => "a text",
        ChannelFamily.Email => "a subject, and text or html",
    };

    /// What the texts print, and what the schema asks for; told once where both want the same.
    private static IEnumerable<IntakeError> Faults(Template template, IReadOnlyList<Channel> channels, JsonElement? data)
    {
        var missing = template.Missing([.. channels.Select(channel => channel.Family()).Distinct()], data)
            .Select(name => new IntakeError($"/data/{name.Replace('.', '/')}", "missing_variable", $"The template needs a value for {name}."));
        return template.Schema is not { } schema ? missing
            : schema.Check(data).Select(fault => new IntakeError($"/data{fault.Pointer}", fault.Code, fault.Message)).Concat(missing).DistinctBy(error => error.Pointer);
    }
}
