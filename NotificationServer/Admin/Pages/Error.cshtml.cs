using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace NotificationServer.Admin.Pages;

/// Shown in place of a page that failed, whatever its method was: hence no antiforgery token is asked for, and nothing is changed.
[AllowAnonymous, IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    public string Title { get; private set; } = "";

    public string Advice { get; private set; } = "";

    /// Finds the failure in the log.
    public string? TraceId { get; private set; }

    public void OnGet(int? status) => Say(status);

    public void OnPost(int? status) => Say(status);

    private void Say(int? status)
    {
        if (HttpContext.Features.Get<IExceptionHandlerFeature>() is not null) status = StatusCodes.Status500InternalServerError;

        (Title, Advice) = status switch
        {
            StatusCodes.Status400BadRequest => ("That did not work", "The form was too old or incomplete. Go back, load the page again and repeat it."),
            StatusCodes.Status404NotFound => ("Nothing here", "This page does not exist, or what it showed is gone."),
            >= 500 => ("Something went wrong", "It is not your fault, and nothing that was accepted is lost. Try again in a moment."),
            _ => ("That did not work", "Go back and try again."),
        };
        TraceId = status >= 500 ? Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier : null;
    }
}
