using System.Globalization;
using System.Runtime.InteropServices;

namespace NotificationServer.Simulator;

internal static class SimulatorProgram
{
    private const string Usage = """
        usage: NotificationServer.Simulator --data DIR [--port-base N] [--host NAME] [--no-fsync] [--latency-ms N] [--all-vendors]
               NotificationServer.Simulator --is-ready N      exit code 0 if the one with port base N answers
          --data DIR      keys, ledger.jsonl and simulator.env go here
          --port-base N   listen on N to N+13; 0 (the default): any free ports
          --host NAME     be found by that name from other machines; else only this one may
          --no-fsync      do not flush the ledger to the disk before answering (benchmarks only)
          --latency-ms N  wait before each answer
          --all-vendors   simulator.env names the further vendors too
        """;

    private const int MostPortBase = 65522;
    private const int ControlPort = 5;

    public static async Task<int> Main(string[] args)
    {
        if (args is ["--is-ready", var number] && Number(number, MostPortBase) is { } asked) return await IsReadyAsync(asked) ? 0 : 1;
        if (Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            await RunAsync(options);
            return 0;
        }
        catch (IOException e)
        {
            // A taken port, a directory that cannot be written: the person at the terminal can see to it.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<bool> IsReadyAsync(int portBase)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{portBase + ControlPort}/stats"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static async Task RunAsync(SimulatorOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var simulator = await SimulatorHost.StartAsync(options, stop.Token);
        Announce(simulator);
        await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static void Announce(SimulatorHost simulator)
    {
        var urls = simulator.Urls;
        Console.WriteLine($"apns      {urls.Apns}");
        Console.WriteLine($"fcm       {urls.Fcm}");
        Console.WriteLine($"fcm-oauth {urls.FcmToken}");
        Console.WriteLine($"twilio    {urls.Twilio}");
        Console.WriteLine($"sendgrid  {urls.SendGrid}");
        Console.WriteLine($"vonage    {urls.Vonage}");
        Console.WriteLine($"vonage-sms {urls.VonageSms}");
        Console.WriteLine($"mailchimp {urls.Mailchimp}");
        Console.WriteLine($"webpush   {urls.WebPush}");
        Console.WriteLine($"jpush     {urls.JPush}");
        Console.WriteLine($"pushy     {urls.Pushy}");
        Console.WriteLine($"smtp      {urls.SmtpImplicit} {urls.SmtpStartTls}");
        Console.WriteLine($"control   {urls.Control}");
        Console.WriteLine("ready");
    }

    private static SimulatorOptions? Parse(string[] args)
    {
        var (data, host, portBase, latency, flush, all) = ((string?)null, (string?)null, 0, 0, true, false);
        for (var i = 0; i < args.Length; i++)
        {
            var next = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--data" when next is not null: data = next; i++; break;
                case "--port-base" when Number(next, MostPortBase) is { } port: portBase = port; i++; break;
                case "--latency-ms" when Number(next, 600_000) is { } wait: latency = wait; i++; break;
                case "--host" when next is not null && Uri.CheckHostName(next) is UriHostNameType.Dns or UriHostNameType.IPv4: host = next; i++; break;
                case "--no-fsync": flush = false; break;
                case "--all-vendors": all = true; break;
                default: return null;
            }
        }

        return data is null ? null : new SimulatorOptions
        {
            DataDirectory = data, Host = host, PortBase = portBase, FlushToDisk = flush, Latency = TimeSpan.FromMilliseconds(latency), AllVendors = all,
        };
    }

    private static int? Number(string? text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;
}
