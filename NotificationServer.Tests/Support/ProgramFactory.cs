using Microsoft.AspNetCore.Mvc.Testing;

namespace NotificationServer.Tests.Support;

/// The server's own program, which runs as ever and ends its host by itself when it hears that it stops, while the factory does the same:
/// whoever of the two is later finds it disposed.
internal abstract class ProgramFactory<T> : WebApplicationFactory<T>
    where T : class
{
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
        }
        catch (ObjectDisposedException)
        {
        }
        catch (AggregateException e) when (e.InnerExceptions.All(one => one is ObjectDisposedException))
        {
        }
        GC.SuppressFinalize(this);
    }
}
