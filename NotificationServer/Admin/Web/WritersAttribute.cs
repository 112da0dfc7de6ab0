using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace NotificationServer.Admin.Web;

/// Everybody who may see the page may read it; its posts need <paramref name="policy"/>, but for those that only look, which are named.
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WritersAttribute(string policy, params string[] reading) : Attribute, IAsyncPageFilter
{
    public string Policy => policy;

    /// The handlers that are posted to and change nothing.
    public IReadOnlyList<string> Reading => reading;

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var method = context.HttpContext.Request.Method;
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || reading.Contains(context.HandlerMethod?.Name, StringComparer.OrdinalIgnoreCase);
        var authorization = context.HttpContext.RequestServices.GetRequiredService<IAuthorizationService>();
        if (reads || (await authorization.AuthorizeAsync(context.HttpContext.User, policy)).Succeeded) await next();
        else context.Result = new ForbidResult(IdentityConstants.ApplicationScheme);
    }
}
