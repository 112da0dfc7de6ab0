using HandlebarsDotNet;
using HandlebarsDotNet.Helpers;
using HandlebarsDotNet.PathStructure;
using NotificationServer.Templates.Functions;
using NotificationServer.Templates.Html;

namespace NotificationServer.Templates;

/// What one tag does beyond printing a path: worked out when the text is read, so that a rendering only evaluates it.
internal sealed record PreparedCall(Evaluation Evaluate, HtmlPlace Place, bool Encodes);

/// The only helper that the library knows: `{{$call 3 @root this.order.total}}` is the text's fourth call, with the values of the
/// paths that it names. Which texts and numbers the writer put there, and how helpers are nested, never reaches the library's parser.
internal sealed class CallSite : IHelperDescriptor<HelperOptions>
{
    /// No template can write this name.
    public const string Word = "$call";

    /// The call's number and the root of the data stand before the values.
    public const int First = 2;

    public PathInfo Name { get; } = Word;

    public object? Invoke(in HelperOptions options, in Context context, in Arguments arguments)
    {
        var (call, budget) = Of(arguments);
        return Evaluate(call, budget, arguments);
    }

    public void Invoke(in EncodedTextWriter output, in HelperOptions options, in Context context, in Arguments arguments)
    {
        var (call, budget) = Of(arguments);
        var value = Evaluate(call, budget, arguments);
        switch (call.Place)
        {
            case HtmlPlace.Link:
                output.Write(SafeLink.Of(Values.Text(value)));
                break;
            case HtmlPlace.LinkPart or HtmlPlace.AddressPart when call.Encodes:
                output.Write(Values.Text(value));
                break;
            case HtmlPlace.LinkPart:
                output.Write(Uri.EscapeDataString(Values.Text(value)));
                break;
            case HtmlPlace.AddressPart:
                output.Write(Uri.EscapeDataString(Values.Text(value)).Replace("%40", "@", StringComparison.Ordinal).Replace("%2B", "+", StringComparison.Ordinal));
                break;
            case HtmlPlace.Css:
                output.Write(SafeCss.Of(Values.Text(value)));
                break;
            case HtmlPlace.Words or HtmlPlace.Unsafe: // the scanner prints nothing in unsafe places
                output.Write(value as string ?? Values.Text(value));
                break;
        }
    }

    private static (PreparedCall Call, RenderBudget Budget) Of(in Arguments arguments)
    {
        var budget = ((IPlainValue)arguments[1]!).Budget; // the root is always a map of ours
        return (budget.Calls[(int)arguments[0]!], budget);
    }

    private static object? Evaluate(PreparedCall call, RenderBudget budget, in Arguments arguments)
    {
        // A long text costs more than one step: every helper that gets it goes through it and may write it anew.
        var weight = 1;
        for (var i = First; i < arguments.Length; i++)
            if (arguments[i] is string text) weight += text.Length / 64;
        budget.Step(weight);
        return call.Evaluate(arguments, budget.Speech);
    }
}
