using NotificationServer.Admin.Ui;
using NotificationServer.Channels;
using NotificationServer.Delivery.Gates;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Pages.Failures;

/// What stands in the way of messages that are put back into their queues: a paused channel or account, or a provider whose gate is closed.
internal sealed class Obstacles(GateStore gates, Switches switches, ProviderAccounts accounts)
{
    public async Task<IReadOnlyList<string>> OfAsync(IReadOnlyCollection<(string Channel, string? Provider)> ways, CancellationToken ct)
    {
        var picture = await gates.ReadAsync(ct);
        var held = switches.Held;
        return
        [
            .. from one in held
               where one.Kind == SwitchKind.Channel && one.Mode == SwitchMode.Paused && ways.Any(way => way.Channel == one.Name)
               select $"{Words.Channel(one.Name)} is paused ({one.Reason}): what is requeued waits until somebody resumes it.",
            .. from one in held
               where one.Kind == SwitchKind.Account && ways.Any(way => way.Provider == one.Name)
               select $"{one.Name} is paused ({one.Reason}): what can only go through it waits until somebody resumes it.",
            .. from provider in ways.Select(way => way.Provider).OfType<string>().Distinct()
               where picture.Rows.TryGetValue(provider, out var row) && row.At(picture.Now).Kind != AdmissionKind.Open
               select $"{provider} is closed to calls at the moment{(picture.Rows[provider].Reason is { } reason ? $" ({reason})" : "")}: what can only go through it waits.",
            .. from provider in ways.Select(way => way.Provider).OfType<string>().Distinct()
               where accounts.Find(provider) is { IsUsable: false }
               select $"{provider} is switched off or not usable: what goes by its usual route takes another account, or waits.",
        ];
    }
}
