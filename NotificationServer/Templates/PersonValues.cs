using System.Text.Json;

namespace NotificationServer.Templates;

/// What templates may know of a person: what clients said of them, and where they are. Never an address: whoever reads a text over
/// somebody's shoulder, or has it forwarded, learns nothing that it can be used for. What is in the notification's data under `user` outweighs it.
internal sealed record PersonValues(string? Id, string? Locale, string? TimeZone, string? Country, JsonElement Attributes)
{
    private static readonly JsonElement None = JsonElement.Parse("{}");

    /// A bare address: nothing is known of who reads there.
    public static readonly PersonValues Nobody = new(null, null, null, null, None);

    /// For looking at a template without anybody to send it to.
    public static readonly PersonValues Example = new("u_42", "en-GB", "Europe/London", "GB", None);

    public static PersonValues Of(string id, string? locale, string? timeZone, string? country, string attributes) =>
        new(id, locale, timeZone, country, JsonElement.Parse(attributes));

    /// Whether there is something to print. Path: from the root of the data, below `user`.
    public static bool Prints(JsonElement data, PersonValues? person, string path)
    {
        var below = path[(PersonVariables.Root.Length + 1)..];
        var dot = below.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? below : below[..dot];
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty(PersonVariables.Root, out var own) && own.ValueKind != JsonValueKind.Null
            && (own.ValueKind != JsonValueKind.Object || own.TryGetProperty(name, out var said) && said.ValueKind != JsonValueKind.Null))
            return Template.Prints(data, path);
        if (person is null) return false;
        return name switch
        {
            PersonVariables.Id => dot < 0 && person.Id is not null,
            PersonVariables.Locale => dot < 0 && person.Locale is not null,
            PersonVariables.TimeZone => dot < 0 && person.TimeZone is not null,
            PersonVariables.Country => dot < 0 && person.Country is not null,
            PersonVariables.Attributes => dot >= 0 && Template.Prints(person.Attributes, below[(dot + 1)..]),
            _ => Template.Prints(person.Attributes, below),
        };
    }

    /// As the value of `user`: attributes by their own names and under `attributes`, which none of them can pass for what the server knows.
    public PlainMap Copy(RenderBudget budget, PlainMap? own)
    {
        var attributes = PlainValues.Copy(Attributes, budget) as PlainMap ?? new PlainMap(budget);
        var map = new PlainMap(budget, attributes.Count + 5);
        foreach (var (name, value) in attributes) map[name] = value;
        map[PersonVariables.Attributes] = attributes;
        map[PersonVariables.Id] = Id;
        map[PersonVariables.Locale] = Locale;
        map[PersonVariables.TimeZone] = TimeZone;
        map[PersonVariables.Country] = Country;
        if (own is null) return map;
        foreach (var (name, value) in own)
            if (value is not null) map[name] = value;
        return map;
    }
}
