namespace NotificationServer.Api.Errors;

/// Collects what is wrong with a request, so that a caller learns all of it at once.
internal sealed class FieldErrors
{
    /// Enough to act on; a body of 256 KB could hold tens of thousands.
    private const int Limit = 100;

    private readonly List<FieldError> errors = [];

    public IReadOnlyList<FieldError> All => errors;

    public bool Any => errors.Count > 0;

    public void Add(string pointer, string code, string message)
    {
        if (errors.Count < Limit)
            errors.Add(new FieldError(pointer, code, message));
    }

    public void Check(bool holds, string pointer, string code, string message)
    {
        if (!holds)
            Add(pointer, code, message);
    }

    public Problem ToProblem() => Problems.Validation(errors);
}
