using HandlebarsDotNet;

namespace NotificationServer.Templates.Functions;

/// What a part of a tag comes to with the values of one rendering, which are handed over in the order in which the tag names them.
internal delegate object? Evaluation(in Arguments values, Speech speech);

/// One helper that templates may call: how it is written, and what makes an evaluation of its parts when a text is read.
internal sealed record Function(string Usage, int Least, int Most, string[] Named, Func<CallParts, Evaluation?> Prepare)
{
    /// What it gives is percent-encoded already.
    public bool Encodes { get; init; }

    /// Gives yes or no: for #if, not for printing.
    public bool Compares { get; init; }
}

/// The parts of one call, ready to be evaluated. Null from <see cref="Refuse"/> is what a function gives that cannot use them.
internal sealed class CallParts(Call call, IReadOnlyList<Evaluation> arguments, IReadOnlyDictionary<string, Evaluation> named)
{
    public string? Problem { get; private set; }

    public int Count => arguments.Count;

    public Evaluation this[int index] => arguments[index];

    public IReadOnlyList<Evaluation> All => arguments;

    public Call Call => call;

    /// How a message names the first argument: by its path, never by its value.
    public string Subject => call.Arguments[0].Name;

    public Evaluation? Named(string name) => named.GetValueOrDefault(name);

    /// The literal at that place; null if there is none or it is not known before rendering.
    public object? Literal(int index) => index < call.Arguments.Count ? call.Arguments[index].Literal : null;

    public object? Literal(string name) => call.Named.FirstOrDefault(n => n.Key == name).Value?.Literal;

    public Evaluation? Refuse(string problem)
    {
        Problem ??= problem;
        return null;
    }

    /// A whole number that the writer gave, within bounds. False if there is one that cannot be used.
    public bool TryWhole(object? literal, bool given, int least, int most, int otherwise, string what, out int number)
    {
        number = otherwise;
        if (!given) return true;
        if (literal is decimal value && value == decimal.Truncate(value) && value >= least && value <= most)
        {
            number = (int)value;
            return true;
        }
        Refuse($"{what} is a whole number from {least} to {most}");
        return false;
    }
}
