using System.Diagnostics;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Errors;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Api.Imports;

/// Reads a file into the database in pieces, with everything that is wrong with it.
internal sealed class ImportIntake(ImportStore store, PhonePolicy phones)
{
    private const int PieceSize = 1000;
    private const int MostShown = 100;
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(30);

    internal sealed record Wish(bool IsCsv, bool DryRun, bool SkipInvalid);

    /// Shown: the first of the problems.
    public async Task<(Import Import, IReadOnlyList<FieldError> Shown)> ReadAsync(Stream source, Wish wish, Caller caller, CancellationToken ct)
    {
        var id = await store.BeginAsync(caller.ClientId, wish.DryRun, wish.SkipInvalid, caller.Actor, ct);
        var status = "failed";
        try
        {
            var reading = new Reading(id, store);
            var file = new ImportFile(source, wish.IsCsv, phones);
            while (await file.NextAsync(ct) is { } judged)
            {
                reading.Add(judged);
                if (reading.IsFull || reading.IsStale) await reading.StoreAsync(ct);
            }
            await reading.StoreAsync(ct);
            if (reading.BadRows == 0 || wish.SkipInvalid || wish.DryRun) status = wish.DryRun ? "completed" : "running";
            return (await store.EndAsync(id, status, ct), reading.Shown);
        }
        catch (Exception) when (status == "failed")
        {
            // Whatever it was (the caller hung up, the file is none): nothing of it will be stored, and the rows may go.
            await store.EndAsync(id, status, CancellationToken.None);
            throw;
        }
    }

    private sealed class Reading(Guid id, ImportStore store)
    {
        private readonly List<ImportRow> rows = new(PieceSize);
        private readonly List<ImportProblem> problems = [];
        private int read;
        private int counted;
        private int kept;
        private long storedAt = Stopwatch.GetTimestamp();

        public List<FieldError> Shown { get; } = [];

        public int BadRows { get; private set; }

        /// A slow caller: a file that gives no sign of life is given up.
        public bool IsStale => Stopwatch.GetElapsedTime(storedAt) > SignOfLife;

        public bool IsFull => rows.Count == PieceSize || problems.Count >= PieceSize;

        public void Add(ImportFile.Judged judged)
        {
            read++;
            if (judged.Row is { } row) rows.Add(row);
            else Note(judged.Number, judged.Errors);
        }

        public async Task StoreAsync(CancellationToken ct)
        {
            foreach (var row in await store.AddRowsAsync(id, rows, ct))
                Note(row, [new FieldError("/user_id", "duplicate", "An earlier row is about the same user")]);
            if (problems.Count > 0) await store.AddProblemsAsync(id, problems, ct);
            kept += problems.Count;
            storedAt = Stopwatch.GetTimestamp();
            rows.Clear();
            problems.Clear();
            await store.ProgressAsync(id, read, BadRows, counted, ct);
        }

        private void Note(int row, IReadOnlyList<FieldError> errors)
        {
            BadRows++;
            for (var i = 0; i < errors.Count; i++)
            {
                counted++;
                if (Shown.Count < MostShown) Shown.Add(errors[i] with { Pointer = $"/rows/{row}{errors[i].Pointer}" });
                if (kept + problems.Count < ImportStore.MostProblems)
                    problems.Add(new ImportProblem(row, i, errors[i].Pointer, errors[i].Code, errors[i].Message));
            }
        }
    }
}
