using NotificationServer.Api.Errors;
using NotificationServer.Api.Users;
using NotificationServer.Recipients;
using NotificationServer.Recipients.Imports;

namespace NotificationServer.Api.Imports;

/// A file of users, judged row by row. Holds one row at a time.
internal sealed class ImportFile(Stream source, bool isCsv, PhonePolicy phones)
{
    private readonly RowReader reader = new(source, quotes: isCsv);
    private readonly List<string> cells = [];
    private CsvColumns? columns;

    /// Either of the two.
    internal readonly record struct Judged(ImportRow? Row, int Number, IReadOnlyList<FieldError> Errors);

    /// Null: the end. A file that cannot be what it says it is, is refused whole.
    public async ValueTask<Judged?> NextAsync(CancellationToken ct)
    {
        while (await reader.NextAsync(ct) is { } row)
        {
            if (row.Number == 1 && RowReader.IsNoText(row.Bytes.Span)) throw Refuse(new FieldError("/rows/1", "not_text", "Send text in UTF-8, not an archive or another encoding"));
            if (isCsv && columns is null) ReadHeading(row);
            else if (row.TooLong || !IsBlank(row.Bytes.Span)) return Judge(row);
        }
        return isCsv && columns is null ? throw Refuse(new FieldError("/rows/1", "required", "The first row names the columns")) : null;
    }

    private Judged Judge(RowReader.Row row)
    {
        var errors = new FieldErrors();
        if (row.TooLong)
        {
            errors.Add("", "row_too_long", $"At most {RowReader.MostRowBytes} bytes a row");
            return new Judged(null, row.Number, errors.All);
        }
        var read = isCsv ? ReadCells(row.Bytes.Span, errors) : ReadUser.Of(row.Bytes.Span);
        if (read.Problem is { } problem) return new Judged(null, row.Number, problem.Errors.Count > 0 ? problem.Errors : [new FieldError("", problem.Code, problem.Detail)]);
        var patch = read.User is { } user ? BulkUserRules.Check(user, read.Named, phones, errors) : null;
        return errors.Any || patch is null ? new Judged(null, row.Number, errors.All) : new Judged(new ImportRow(row.Number, patch.Value), row.Number, []);
    }

    private ReadUser ReadCells(ReadOnlySpan<byte> bytes, FieldErrors errors)
    {
        if (CsvCells.Read(bytes, cells) is not { } fault) return columns!.User(cells, errors); // read before any row
        errors.Add("", fault.Code, fault.Message);
        return default;
    }

    private void ReadHeading(RowReader.Row row)
    {
        var errors = new FieldErrors();
        if (row.TooLong) errors.Add("/rows/1", "row_too_long", "The first row names the columns");
        else if (CsvCells.Read(row.Bytes.Span, cells) is { } fault) errors.Add("/rows/1", fault.Code, fault.Message);
        else columns = CsvColumns.Read(cells, errors);
        if (errors.Any) throw new ProblemException(errors.ToProblem());
    }

    private static ProblemException Refuse(FieldError error) => new(Problems.Validation(error));

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;
}
