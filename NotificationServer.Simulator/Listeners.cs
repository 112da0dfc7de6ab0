using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace NotificationServer.Simulator;

/// One Kestrel with a port for each provider, in the order of <see cref="SimulatorUrls"/>. The port decides who
/// answers, as the host name does out there.
internal sealed class Listeners(int portBase, string? host, X509Certificate2 certificate)
{
    private readonly List<(HttpProtocols Protocols, bool Tls, RequestDelegate Answer, Action Connected)> wanted = [];
    private readonly List<ListenOptions> bound = [];

    private sealed record Answerer(RequestDelegate Answer);

    public void AddTls(HttpProtocols protocols, RequestDelegate answer, Action connected) => wanted.Add((protocols, true, answer, connected));

    public void AddPlain(RequestDelegate answer) => wanted.Add((HttpProtocols.Http1, false, answer, static () => { }));

    public WebApplication Build()
    {
        // Empty: no configuration files, no environment, no logging that a test run would have to read past.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        var app = builder.Build();
        app.Run(context => context.Features.Get<Answerer>()!.Answer(context)); // set on every connection below
        return app;
    }

    public SimulatorUrls Urls(Uri smtpImplicit, Uri smtpStartTls) => new()
    {
        Apns = Url(0), Fcm = Url(1), FcmOAuth = Url(2), Twilio = Url(3), SendGrid = Url(4), Control = Url(5),
        Vonage = Url(6), VonageSms = Url(7), Mailchimp = Url(8), SmtpImplicit = smtpImplicit, SmtpStartTls = smtpStartTls,
        WebPush = Url(9), JPush = Url(10), Pushy = Url(11),
    };

    private Uri Url(int index) => new($"{(wanted[index].Tls ? "https" : "http")}://{host ?? "127.0.0.1"}:{bound[index].IPEndPoint!.Port}/"); // bound to IP only

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = null; // each provider has its own limit and its own words for it
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        for (var i = 0; i < wanted.Count; i++)
        {
            var port = wanted[i];
            kestrel.Listen(host is null ? IPAddress.Loopback : IPAddress.Any, portBase == 0 ? 0 : portBase + i, listen =>
            {
                bound.Add(listen);
                listen.Protocols = port.Protocols;
                var answerer = new Answerer(port.Answer);
                listen.Use(next => connection =>
                {
                    connection.Features.Set(answerer);
                    port.Connected();
                    return next(connection);
                });
                if (port.Tls) listen.UseHttps(certificate);
            });
        }
    }
}
