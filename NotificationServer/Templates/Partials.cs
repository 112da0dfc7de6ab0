using System.Text.RegularExpressions;

namespace NotificationServer.Templates;

/// Puts `{{> footer}}` and `{{#> layout}} ... {{/layout}}` into a text before anything else reads it, so that size, tags and depth are
/// counted of what will be rendered, and a partial can do nothing that the template itself could not.
internal sealed partial class Partials
{
    private const int MaxDepth = 8;
    private const int MaxUses = 200;
    private const string Block = "@partial-block";

    private readonly IReadOnlyDictionary<string, string>? known;
    private readonly string pointer;
    private readonly List<TemplateError> errors;
    private readonly List<string> open = [];
    private int uses;

    private Partials(IReadOnlyDictionary<string, string>? known, string pointer, List<TemplateError> errors) =>
        (this.known, this.pointer, this.errors) = (known, pointer, errors);

    /// Null if it cannot be done; why is then in <paramref name="errors"/>.
    public static ExpandedText? Expand(string text, IReadOnlyDictionary<string, string>? known, string pointer, List<TemplateError> errors)
    {
        var whole = new ExpandedText();
        return new Partials(known, pointer, errors).Into(whole, text, null, 1, null) ? whole : null;
    }

    /// The names that a text mentions itself, known or not.
    public static IReadOnlyCollection<string> Named(string text)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (int start, from = 0; (start = TagFinder.Next(text, from)) >= 0;)
        {
            var (inner, end) = TagFinder.Bounds(text, start);
            if (end < 0) break;
            from = end;
            if (Tag().Match(TagFinder.Inside(text, inner, out _, out _)) is { Success: true } match && match.Groups["name"].Value is var name && name != Block) names.Add(name);
        }
        return names;
    }

    /// <param name="content">What stands between {{#> name}} and {{/name}}, for the layout that is being put in.</param>
    private bool Into(ExpandedText whole, string text, string? partial, int line, ExpandedText? content)
    {
        var position = 0;
        for (int start, from = 0; (start = TagFinder.Next(text, from)) >= 0;)
        {
            var (inner, end) = TagFinder.Bounds(text, start);
            if (end < 0) break; // the scanner says so
            from = end;
            var inside = TagFinder.Inside(text, inner, out var left, out var right);
            if (!inside.StartsWith('>') && !inside.StartsWith("#>", StringComparison.Ordinal)) continue;

            var here = line + text.AsSpan(0, start).Count('\n');
            Take(whole, text.AsSpan(position, start - position), partial, line + text.AsSpan(0, position).Count('\n'));
            if (left) whole.TrimEnd();
            if (Tag().Match(inside) is not { Success: true } match) return Refuse(partial, here, "template_syntax", $"'{TermReader.Shown(inside)}' names no partial: write {{{{> footer}}}}, without arguments");

            var name = match.Groups["name"].Value;
            var between = match.Groups["block"].Success ? new ExpandedText() : null;
            if (between is not null)
            {
                if (Closing(text, name, end) is not { } closing) return Refuse(partial, here, "unclosed_block", $"#> {name} is never closed");
                if (!Into(between, text[end..closing.Start], partial, line + text.AsSpan(0, end).Count('\n'), content)) return false;
                (from, right) = (closing.End, closing.Right);
            }
            if (!Put(whole, name, between, partial, here, content)) return false;
            while (right && from < text.Length && char.IsWhiteSpace(text[from])) from++;
            position = from;
        }
        Take(whole, text.AsSpan(position), partial, line + text.AsSpan(0, position).Count('\n'));
        return whole.Length <= TagScanner.MaxBytes || Refuse(partial, line, "too_large", $"longer than {TagScanner.MaxBytes / 1024} KiB with its partials");
    }

    private bool Put(ExpandedText whole, string name, ExpandedText? between, string? partial, int line, ExpandedText? content)
    {
        if (++uses > MaxUses) return Refuse(partial, line, "too_many_tags", $"more than {MaxUses} uses of partials");
        if (name == Block)
        {
            if (content is null || between is not null) return Refuse(partial, line, "unknown_partial", $"{Block} is what a layout is put around: it stands in a partial that is used as {{{{#> name}}}}");
            if (whole.Length + content.Length > TagScanner.MaxBytes) return Refuse(partial, line, "too_large", $"longer than {TagScanner.MaxBytes / 1024} KiB with its partials");
            whole.Add(content);
            return true;
        }
        if (known is null || !known.TryGetValue(name, out var source)) return Refuse(partial, line, "unknown_partial", $"there is no partial '{name}'");
        if (open.Contains(name)) return Refuse(partial, line, "recursive_partial", $"the partial '{name}' includes itself: {string.Join(" > ", open.Append(name))}");
        if (open.Count == MaxDepth) return Refuse(partial, line, "too_deep", $"partials within partials deeper than {MaxDepth}");

        open.Add(name);
        var done = Into(whole, source, name, 1, between);
        open.RemoveAt(open.Count - 1);
        return done;
    }

    // The {{/name}} that belongs to the {{#> name}} before it.
    private static (int Start, int End, bool Right)? Closing(string text, string name, int from)
    {
        var depth = 1;
        for (int start; (start = TagFinder.Next(text, from)) >= 0;)
        {
            var (inner, end) = TagFinder.Bounds(text, start);
            if (end < 0) return null;
            from = end;
            var inside = TagFinder.Inside(text, inner, out _, out var right);
            if (Tag().Match(inside) is { Success: true } match && match.Groups["block"].Success && match.Groups["name"].Value == name) depth++;
            else if (inside.StartsWith('/') && inside.AsSpan(1).Trim().SequenceEqual(name) && --depth == 0) return (start, end, right);
        }
        return null;
    }

    private static void Take(ExpandedText whole, ReadOnlySpan<char> piece, string? partial, int line)
    {
        // What is too long is refused by its length, not copied over and over first.
        if (whole.Length <= TagScanner.MaxBytes) whole.Add(piece, partial, line);
    }

    private bool Refuse(string? partial, int line, string code, string message)
    {
        errors.Add(new TemplateError(pointer, code, partial is null ? $"line {line}: {message}" : $"partial '{partial}', line {line}: {message}"));
        return false;
    }

    [GeneratedRegex(@"\A(?<block>\#)?>\s*(?<name>[a-z0-9][a-z0-9_-]{0,99}|@partial-block)\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();
}
