namespace NotificationServer.Admin.Pages.Templates;

/// Where a JSON pointer of a finding is, in the words of the page: `/locales/de/email/html` is "de · E-mail HTML".
internal static class Places
{
    public static string Name(string pointer) => pointer.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["locales", var locale, .. var rest] => rest.Length == 0 ? locale : $"{locale} · {Part(rest)}",
        ["channels", .. var rest] => Part(rest),
        ["sample_data", ..] => "Sample data",
        ["variables_schema", ..] => "Schema",
        ["partials", var key, ..] => $"Partial {key}",
        ["default_locale"] => "Default language",
        ["name"] => "Name",
        ["key"] => "Key",
        ["category"] => "Category",
        _ => pointer,
    };

    private static string Part(string[] steps) => steps switch
    {
        ["email", "html"] => "E-mail HTML",
        ["email", "text"] => "E-mail text",
        ["email", "subject"] => "E-mail subject",
        ["email", ..] => "E-mail",
        ["sms", ..] => "SMS",
        ["push", "title"] => "Push title",
        ["push", "body"] => "Push body",
        ["push", "data", ..] => "Push data",
        ["push", ..] => "Push",
        _ => "Words",
    };
}
