using Microsoft.Extensions.Options;
using NotificationServer.Channels;
using NotificationServer.Queue;

namespace NotificationServer.Delivery;

/// Works one channel's queue with two loops, one for the critical lane and one for the others.
internal sealed class ChannelWorker : BackgroundService
{
    private readonly string channel;
    private readonly Slots slots;
    private readonly ClaimLoop express;
    private readonly ClaimLoop others;
    private readonly NodeLoad load;
    private readonly IHostApplicationLifetime life;

    public ChannelWorker(string channel, Slots slots, Departures departures, ClaimLoop express, ClaimLoop others, NodeLoad load, IHostApplicationLifetime life)
    {
        (this.channel, this.slots, this.express, this.others, this.load, this.life) = (channel, slots, express, others, load, life);
        departures.Ended = RoomWasMade;
    }

    public static ChannelWorker Of(Channel channel, IServiceProvider services)
    {
        var slots = new Slots(services.GetRequiredService<IOptions<DeliveryOptions>>().Value.SlotsOf(channel));
        var departures = ActivatorUtilities.CreateInstance<Departures>(services, channel.Name(), slots);
        return ActivatorUtilities.CreateInstance<ChannelWorker>(services, channel.Name(), slots, departures, Loop(isExpress: true), Loop(isExpress: false));

        ClaimLoop Loop(bool isExpress) => ActivatorUtilities.CreateInstance<ClaimLoop>(services, channel.Name(), isExpress, slots, departures);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Every channel stops claiming when the stop begins, not when its turn comes: else the last one would still be
        // starting sends while the first has used up the time.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        // A node that stops has no room: what is taken in here while it drains is announced to the others.
        load.Report(channel, () => new NodeLoad.Channel(slots.InUse, life.ApplicationStopping.IsCancellationRequested ? 0 : slots.Total));
        try
        {
            await Task.WhenAll(express.RunAsync(stop.Token), others.RunAsync(stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping means: claim nothing more, and let what is under way come to its end.
            await slots.DrainAsync();
        }
    }

    private void RoomWasMade()
    {
        express.RoomWasMade();
        others.RoomWasMade();
    }
}
