using System.ComponentModel;
using System.Text.Json;
using NotificationServer.Api.Errors;
using NotificationServer.Templates;
using NotificationServer.Templates.Shared;
using Npgsql;

namespace NotificationServer.Api.Templates;

/// Words to look at: a stored version, or some that are not saved (channels and what belongs to them).
public sealed record DraftBody(
    [property: Description("Left out: the latest")] int? Version = null,
    [property: Description("Words that are not saved yet, instead of a version's")] TemplateTexts? Channels = null,
    [property: Description(VersionBody.AboutDefaultLocale)] string? DefaultLocale = null,
    [property: Description(VersionBody.AboutLocales)] IReadOnlyDictionary<string, TemplateTexts>? Locales = null,
    [property: Description(VersionBody.AboutSchema)] JsonElement? VariablesSchema = null,
    [property: Description(VersionBody.AboutSample)] JsonElement? SampleData = null);

internal sealed class DraftReader(TemplateStore templates, NpgsqlDataSource db)
{
    public async Task<(Draft? Draft, int? Version, Problem? Problem)> ReadAsync(string key, DraftBody body, CancellationToken ct)
    {
        if (body.Channels is null)
        {
            var errors = new FieldErrors();
            errors.Check(body is { Locales: null, VariablesSchema: null, SampleData: null, DefaultLocale: null }, "/channels", "required", "Words that are not saved need channels");
            if (errors.Any) return (null, null, errors.ToProblem());
            return await ReadAsync(key, body.Version, ct, latest: true) is { Draft: { } stored } found ? (stored, found.Version, null) : (null, null, Problems.NotFound());
        }

        if (await templates.FindAsync(key, ct) is not { } template) return (null, null, Problems.NotFound());
        var source = VersionBody.Source(body.Channels, body.DefaultLocale, body.Locales, body.VariablesSchema, body.SampleData);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var partials = await PartialReader.TakeAsync(transaction, source.Parts.AllSources, PartialSnapshot.Empty, ct);
        return (Draft.Of(source, partials, template.Class), null, null);
    }

    /// Null version: the published one, or the latest if that is asked for or none is published.
    public async Task<(Draft? Draft, int Version, Problem? Problem)> ReadAsync(string key, int? version, CancellationToken ct, bool latest = false)
    {
        if (await templates.FindAsync(key, ct) is not { } template) return (null, 0, Problems.NotFound());
        var wanted = version ?? (latest ? template.Latest : template.Published ?? template.Latest);
        return await templates.FindVersionAsync(key, wanted, ct) is { } found ? (Draft.Of(found, template.Class), wanted, null) : (null, 0, Problems.NotFound());
    }
}
