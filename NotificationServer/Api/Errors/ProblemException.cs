namespace NotificationServer.Api.Errors;

/// For parameter binding only, which has no other way to answer. Handlers return a <see cref="Problem"/>.
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;
}
