using System.Diagnostics;
using System.Text;

namespace NotificationServer.Tests.Documents;

/// Types what a document says into one bash, from its first block to its last, beside a running server.
internal static class Shell
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // A curl that is refused ends the document, unless a block is there to show the refusal.
    private const string Prelude = """
        set -euo pipefail
        place=nowhere
        curl() { command curl --fail-with-body --max-time 60 "$@"; }
        trap 'code=$?; if [ $code != 0 ]; then echo "It broke off in $place with $code"; fi' EXIT

        """;

    public static string Script(IEnumerable<DocumentBlock> blocks)
    {
        var script = new StringBuilder(Prelude);
        foreach (var block in blocks)
        {
            script.Append("place='").Append(block.Place).Append("'\n");
            if (block.Refusal is { } status)
                script.Append("curl() { command curl \"$@\"; }\ntold=$(\n").Append(block.Text).Append("\n)\ncurl() { command curl --fail-with-body --max-time 60 \"$@\"; }\n")
                    .Append("grep -q '\"status\":").Append(status).Append("' <<<\"$told\" || { echo \"$told\"; exit 1; }\n");
            else script.Append(block.Text).Append('\n');
        }
        return script.ToString();
    }

    /// Its exit code, and all that it said.
    public static async Task<(int Code, string Said)> RunAsync(string script, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var file = Path.Combine(folder, "typed.sh");
        await File.WriteAllTextAsync(file, script);
        var start = new ProcessStartInfo("bash", [file]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var bash = Process.Start(start)!; // bash is there: it runs ./test
        bash.StandardInput.Close();
        var (said, complained) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        try
        {
            await bash.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            bash.Kill(entireProcessTree: true);
            await bash.WaitForExitAsync();
            return (bash.ExitCode, $"It was not through after {Patience}\n{await said}\n{await complained}");
        }
        return (bash.ExitCode, $"{await said}\n{await complained}");
    }
}
