namespace NotificationServer.Recipients.Imports;

/// A file of people as far as it has come.
internal sealed class Import
{
    public required Guid Id { get; init; }
    /// receiving (the file is being read), running (its rows are being stored), completed, failed, cancelled.
    public required string Status { get; init; }
    public required bool DryRun { get; init; }
    public required bool SkipInvalid { get; init; }
    public required int RowsRead { get; init; }
    public required int RowsBad { get; init; }
    public required int Problems { get; init; }
    /// Rows that are stored.
    public required int Done { get; init; }
    public required string RequestedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
}

/// Row: counted as a spreadsheet does, the heading of a CSV is row 1.
internal sealed record ImportProblem(int Row, int Place, string Field, string Code, string Message);

/// A row that was judged good.
internal readonly record struct ImportRow(int Row, UserPatch Patch);
