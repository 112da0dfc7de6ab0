using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace NotificationServer.Platform;

/// When the server listens: tells a developer where, with what key, and how to send a first notification.
internal sealed class DevelopmentBanner(
    DevelopmentFile file, IServer server, IHostEnvironment environment, DataDirectory data, IConfiguration configuration) : IHostedLifecycleService
{
    /// `NS_BANNER=off`: of several nodes one is enough to be told of, and to be found in dev.env.
    private readonly bool isWanted = environment.IsDevelopment() && configuration["NS_BANNER"] != "off";

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var url = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (url is not null && isWanted)
        {
            file.Set("NS_URL", url.TrimEnd('/'));
            Console.Out.WriteLine(Text(url.TrimEnd('/')));
        }

        return Task.CompletedTask;
    }

    private string Text(string url) => $$$"""

          NotificationServer is running (Development).

          API            {{{url}}}/v1
          Admin          {{{url}}}/admin
          Documentation  {{{url}}}/docs    {{{url}}}/openapi/v1.json
          API key        {{{file.Get("NS_API_KEY") ?? "(none yet)"}}}
          Sign-in        {{{file.Get("NS_ADMIN_EMAIL") ?? "(none yet)"}}}  {{{file.Get("NS_ADMIN_PASSWORD")}}}
          All of it in   {{{data.Locate("dev.env")}}}

          Send a first notification, then look at {{{url}}}/admin/inbox:

          curl -sS {{{url}}}/v1/notifications -H "Authorization: Bearer {{{file.Get("NS_API_KEY")}}}" -H 'Content-Type: application/json' -d '{"event_id":"hello-1","to":[{"email":"ann@example.org"}],"channels":["email"],"content":{"subject":"Hello","text":"It works."}}'

          Ctrl-C stops it.

        """;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
