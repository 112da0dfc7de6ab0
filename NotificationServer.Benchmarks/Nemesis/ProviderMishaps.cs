using System.Globalization;
using NotificationServer.Simulator.Faults;

namespace NotificationServer.Benchmarks.Nemesis;

/// What happens to the providers, one of them at a time.
internal static class ProviderMishaps
{
    private const string Texts = "twilio", Mails = "sendgrid";
    private static readonly string[] Vendors = [Texts, Mails];

    public static IEnumerable<Mishap> All =>
    [
        new("a provider answers 500", Ground.Providers, (stage, turn, ct) => FailAsync(stage, turn, new Fault { Status = turn.Coin() ? 500 : 503 }, ct)),
        new("half of a provider's answers are errors", Ground.Providers, (stage, turn, ct) => FailAsync(stage, turn, new Fault { Status = 503, Probability = 0.5 }, ct)),
        new("a provider throttles us (429)", Ground.Providers, (stage, turn, ct) =>
            FailAsync(stage, turn, new Fault { Status = 429, RetryAfter = turn.Dice.Next(1, 8).ToString(CultureInfo.InvariantCulture), Count = 5 }, ct)),
        new("a provider takes messages and does not answer", Ground.Providers, (stage, turn, ct) => FailAsync(stage, turn, new Fault { Hang = true, Accept = true, Probability = 0.1 }, ct)),
        new("a provider takes nothing and does not answer", Ground.Providers, (stage, turn, ct) => FailAsync(stage, turn, new Fault { Hang = true, Accept = false, Probability = 0.1 }, ct)),
        new("a provider takes messages and cuts the connection", Ground.Providers, (stage, turn, ct) =>
            FailAsync(stage, turn, new Fault { Reset = ResetKind.Connection, Accept = true, Probability = 0.05 }, ct)),
        new("a provider's answers break off", Ground.Providers, (stage, turn, ct) => FailAsync(stage, turn, new Fault { Truncate = true, Probability = 0.05 }, ct)),
        new("a provider is slow", Ground.Providers, (stage, turn, ct) => FailAsync(stage, turn, new Fault { Delay = stage.Trial.Scale.Deadline / 2 }, ct)),
        new("a provider refuses our credentials", Ground.Providers, (stage, turn, ct) => FailAsync(stage, turn, new Fault { Status = 401 }, ct)),
        new("a provider's port is closed", Ground.Providers, CloseAsync),
    ];

    private static async Task FailAsync(Stage stage, Turn turn, Fault fault, CancellationToken ct)
    {
        var vendor = turn.Pick(Vendors);
        turn.Detail = vendor;
        stage.Arena.Simulator.Faults.Set(vendor, fault);
        await Task.Delay(turn.Lasting, ct); // as long as it lasts
        stage.Arena.Simulator.Faults.Clear(vendor);
    }

    private static async Task CloseAsync(Stage stage, Turn turn, CancellationToken ct)
    {
        turn.Detail = turn.Pick(Vendors);
        var way = turn.Detail == Texts ? stage.Arena.Sms : stage.Arena.Email;
        await way.CloseAsync();
        await Task.Delay(turn.Lasting, ct); // as long as it lasts
        way.Open();
    }
}
