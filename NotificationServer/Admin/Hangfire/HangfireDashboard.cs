using Hangfire;
using Hangfire.Dashboard;
using NotificationServer.Admin.Identity;
using NotificationServer.Queue;

namespace NotificationServer.Admin.Hangfire;

/// Hangfire's own dashboard, for operators; viewers see it and can change nothing.
internal static class HangfireDashboard
{
    // Its scripts and styles are files of its own, but it paints with style attributes.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    public static void MapHangfireDashboard(this WebApplication app)
    {
        var options = new DashboardOptions
        {
            Authorization = [],                          // the endpoint's policy decides, as for every page; the default lets in whoever is local
            IsReadOnlyFunc = context => !MayChange(context.GetHttpContext()),
            AppPath = "/admin",
            DashboardTitle = "Hangfire",
            DisplayStorageConnectionString = false,
            StatsPollingInterval = 5000,
        };
        var pipeline = ((IEndpointRouteBuilder)app).CreateApplicationBuilder()
            .UsePathBase(JobEngine.Path)
            .Use((context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
                context.Response.Headers.XFrameOptions = "DENY";
                return next(context);
            })
            .UseMiddleware<AspNetCoreDashboardMiddleware>(app.Services.GetRequiredService<JobStorage>(), options, DashboardRoutes.Routes, true)
            .Build();
        app.Map(JobEngine.Path + "/{**path}", pipeline).RequireAuthorization(Policies.QueueMonitor);
    }

    private static bool MayChange(HttpContext context) => context.User.IsInRole(Roles.Administrator) || context.User.IsInRole(Roles.Operator);
}
