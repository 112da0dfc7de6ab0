namespace NotificationServer.Admin.Web;

/// Wraps the whole server for requests under /admin, so that not even a refusal by authentication escapes the headers.
internal sealed class AdminPipeline : IStartupFilter
{
    public const string Root = "/admin";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase), admin =>
        {
            admin.UseMiddleware<SecurityHeaders>();
            admin.UseExceptionHandler($"{Root}/error");
            admin.UseStatusCodePagesWithReExecute($"{Root}/error", "?status={0}");
        });
        next(app);
    };
}
