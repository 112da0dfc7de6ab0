namespace NotificationServer.Templates.Functions;

/// `{{plural count one="# item" other="# items"}}`: # is the number as the reader's language writes it.
internal static class Plurals
{
    public static readonly string[] Categories = ["zero", "one", "two", "few", "many", "other"];

    public static Evaluation? Prepare(CallParts parts)
    {
        var forms = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (category, form) in parts.Call.Named)
        {
            if (form.Literal is not string text) return parts.Refuse($"{category}= is a text in quotes");
            forms.Add(category, text.Split('#'));
        }
        if (!forms.TryGetValue("other", out var other)) return parts.Refuse("other= is for all numbers that no form of their own is given for; it is always needed");

        var (given, subject) = (parts[0], parts.Subject);
        return (in values, speech) =>
        {
            var number = Values.NumberOr(given(values, speech), subject);
            var form = forms.GetValueOrDefault(PluralRules.Category(speech.Culture.Name, number), other);
            return form.Length == 1 ? form[0] : string.Join(Numbers.Say(number, speech.Culture), form);
        };
    }
}
