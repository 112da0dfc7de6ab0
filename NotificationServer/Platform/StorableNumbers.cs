using System.Text.Json;

namespace NotificationServer.Platform;

/// JSON numbers have no bounds; those of jsonb do, and it refuses what is beyond them with an error. What fits a double is enough.
internal static class StorableNumbers
{
    private const int MaxDigits = 400;

    /// Wrong: told of each by a pointer, a code and words.
    public static void Check(JsonElement value, string pointer, Action<string, string, string> wrong)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    Check(property.Value, $"{pointer}/{Escape(property.Name)}", wrong);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Check(item, $"{pointer}/{index++}", wrong);
                break;
            case JsonValueKind.Number:
                if (!IsStorable(value)) wrong(pointer, "number_out_of_range", "Use a number that a double can hold");
                break;
            case JsonValueKind.String or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined:
                break;
        }
    }

    /// For a JSON pointer.
    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    // Zero may be written with an exponent that underflows; then so many digits after the point that jsonb gives up.
    private static bool IsStorable(JsonElement number)
    {
        var text = number.GetRawText();
        var exponent = text.AsSpan()[(text.AsSpan().IndexOfAny('e', 'E') + 1)..];
        var hasExponent = exponent.Length < text.Length;
        return text.Length <= MaxDigits && number.TryGetDouble(out var value) && double.IsFinite(value)
            && (!hasExponent || int.TryParse(exponent, out var power) && Math.Abs(power) <= MaxDigits);
    }
}
