using System.Globalization;
using System.Text.Json;
using NotificationServer.Api.Errors;

namespace NotificationServer.Api.Json;

/// Finds what PostgreSQL can store in no text and no jsonb: NUL characters and halves of surrogate pairs, in any value or key at any
/// depth. Both come only as \u escapes, so that the usual body costs one vectorised search.
internal static class UnstorableText
{
    /// <c>json</c> is known to be well-formed.
    public static Problem? FindIn(ReadOnlySpan<byte> json)
    {
        if (!MayContain(json))
            return null;

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
                continue;

            switch (Judge(reader.ValueSpan))
            {
                case Verdict.Nul:
                    return Problems.Unprocessable("nul_character", "Text must not contain NUL characters",
                        new FieldError(PointerTo(json, reader.TokenStartIndex), "nul_character", "Contains a NUL character"));
                case Verdict.LoneSurrogate:
                    return Problems.Malformed("malformed_json", "Text must be valid Unicode",
                        new FieldError(PointerTo(json, reader.TokenStartIndex), "lone_surrogate", "Contains half of a surrogate pair"));
                case Verdict.Fine:
                    break;
            }
        }

        return null;
    }

    private static bool MayContain(ReadOnlySpan<byte> json)
    {
        for (var at = json.IndexOf("\\u"u8); at >= 0; at = json.IndexOf("\\u"u8))
        {
            json = json[(at + 2)..];
            if (json.StartsWith("0000"u8) || json.Length > 1 && (json[0] | 0x20) == 'd' && json[1] >= (byte)'8')
                return true;
        }

        return false;
    }

    private static Verdict Judge(ReadOnlySpan<byte> escaped)
    {
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
                continue;
            if (escaped[++i] != 'u')
                continue;

            var unit = Unit(escaped, i + 1);
            i += 4;
            if (unit == 0)
                return Verdict.Nul;
            if (char.IsLowSurrogate(unit))
                return Verdict.LoneSurrogate;
            if (!char.IsHighSurrogate(unit))
                continue;
            if (!escaped[(i + 1)..].StartsWith("\\u"u8) || !char.IsLowSurrogate(Unit(escaped, i + 3)))
                return Verdict.LoneSurrogate;
            i += 6;
        }

        return Verdict.Fine;
    }

    private static char Unit(ReadOnlySpan<byte> escaped, int at) =>
        (char)ushort.Parse(escaped.Slice(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// Only for the error message, so that looking costs nothing while all is well.
    private static string PointerTo(ReadOnlySpan<byte> json, long token)
    {
        var steps = new Stack<(bool Array, int Index, string? Name)>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                steps.Pop();
                continue;
            }

            if (steps.TryPeek(out var step) && step.Array)
                steps.ReplaceTop(step with { Index = step.Index + 1 });
            if (reader.TokenStartIndex == token)
                break;
            if (reader.TokenType == JsonTokenType.PropertyName)
                steps.ReplaceTop((false, 0, Name(ref reader)));
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                steps.Push((reader.TokenType == JsonTokenType.StartArray, -1, null));
        }

        return string.Concat(steps.Reverse().Where(s => s.Array || s.Name is not null)
            .Select(s => "/" + (s.Array ? s.Index.ToString(CultureInfo.InvariantCulture) : JsonFault.Escape(s.Name ?? ""))));
    }

    private static string Name(ref Utf8JsonReader reader) =>
        Judge(reader.ValueSpan) == Verdict.Fine ? reader.GetString() ?? "" : "?";

    private static void ReplaceTop<T>(this Stack<T> stack, T top)
    {
        stack.Pop();
        stack.Push(top);
    }

    private enum Verdict
    {
        Fine,
        Nul,
        LoneSurrogate,
    }
}
