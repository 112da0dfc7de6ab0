namespace NotificationServer.Templates;

/// Follows which part of the data a name means, block by block, and collects what is mentioned.
internal sealed class VariableScope
{
    private readonly List<TemplateVariable> variables = [];
    // What each and with lead to; the root is "".
    private readonly Stack<string> contexts = new([""]);
    private readonly Stack<bool> entered = new();

    public IReadOnlyList<TemplateVariable> Variables => variables;

    public void Mention(string path, bool required)
    {
        if (Resolve(path) is not { Length: > 0 } resolved) return;
        var at = variables.FindIndex(v => v.Path == resolved);
        if (at < 0) variables.Add(new TemplateVariable(resolved, required));
        else if (required) variables[at] = new TemplateVariable(resolved, true);
    }

    public void Enter(string block, Term subject)
    {
        var leads = block is "each" or "with";
        if (leads) contexts.Push(Resolve(subject.Path!) is { } path ? block == "each" ? $"{path}[]" : path : "?");
        entered.Push(leads);
    }

    public void Leave()
    {
        if (entered.Pop()) contexts.Pop();
    }

    /// Null for what is no part of the data: @index, or a step out of the root.
    private string? Resolve(string path)
    {
        var up = 0;
        for (; path.StartsWith("../", StringComparison.Ordinal); path = path[3..]) up++;
        if (up >= contexts.Count) return null;
        var context = contexts.ElementAt(up);
        if (path.StartsWith("@root.", StringComparison.Ordinal)) (context, path) = ("", path[6..]);
        if (path.StartsWith('@') || context == "?") return null;
        if (path is "this" or ".") return context;
        if (path.StartsWith("this.", StringComparison.Ordinal)) path = path[5..];
        return context.Length == 0 ? path : $"{context}.{path}";
    }
}
