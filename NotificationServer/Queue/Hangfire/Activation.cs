using Hangfire;

namespace NotificationServer.Queue.Hangfire;

/// Hangfire gets its jobs' classes from the container.
internal sealed class Activation(IServiceProvider services) : JobActivator
{
    public override object ActivateJob(Type jobType) => services.GetRequiredService(jobType);
}
