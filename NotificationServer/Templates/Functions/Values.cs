using System.Globalization;
using HandlebarsDotNet;

namespace NotificationServer.Templates.Functions;

/// Reads the plain values of a rendering as what a helper needs. What cannot be read ends the rendering, with a reason that names
/// the variable and never its value.
internal static class Values
{
    private const NumberStyles Written = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    public static Evaluation At(int index) => (in values, _) => values[index] is { } value and not UndefinedBindingResult ? value : null;

    /// As it is printed: nothing for nothing, and nothing for a list.
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool yes => yes ? "true" : "false",
        IPlainValue => "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    public static decimal? Number(object? value)
    {
        try
        {
            return value switch
            {
                decimal exact => exact,
                long whole => whole,
                int index => index, // @index
                double rough => (decimal)rough,
                string text when text.Length <= 40 && decimal.TryParse(text, Written, CultureInfo.InvariantCulture, out var number) => number,
                _ => null,
            };
        }
        catch (OverflowException)
        {
            return null; // 1e300
        }
    }

    public static decimal NumberOr(object? value, string subject) =>
        Number(value) ?? throw new RenderStopped(value is null ? Missing(subject) : $"cannot read {subject} as a number");

    public static string Missing(string subject) => $"needs {subject}, which the data lacks";
}
