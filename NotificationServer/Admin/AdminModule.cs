using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Identity.Company;
using NotificationServer.Admin.Keys;
using NotificationServer.Admin.Monitor;
using NotificationServer.Admin.Ui;
using NotificationServer.Admin.Pages.Campaigns;
using NotificationServer.Admin.Pages.Messages;
using NotificationServer.Admin.Pages.People;
using NotificationServer.Admin.Pages.Providers;
using NotificationServer.Admin.Pages.Templates;
using NotificationServer.Admin.Pages.Users;
using NotificationServer.Admin.Pages.Webhooks;
using NotificationServer.Admin.Web;
using NotificationServer.Platform;

namespace NotificationServer.Admin;

internal static class AdminModule
{
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        if (!builder.Plays(NodeRole.Admin)) return;
        builder.WebHost.UseStaticWebAssets();            // a server that was built, not published, has its styles too, in every environment
        var services = builder.Services;
        services.AddOptions<AdminOptions>().BindConfiguration(AdminOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(new RequiredSecret("data_protection_key"));
        services.AddKeys();
        services.AddStaff();
        services.AddMonitor();
        builder.AddCompanySignIn();
        services.AddTransient<IStartupFilter, AdminPipeline>();
        services.AddRazorPages(options =>
        {
            options.RootDirectory = "/Admin/Pages";
            // Beside the templates, not among them: a template may be called anything.
            AlsoAt(options.Conventions, "/Templates/Edit", "new-template");
            AlsoAt(options.Conventions, "/Providers/Edit", "new-provider");
            AlsoAt(options.Conventions, "/Users/Edit", "new-user");
            AlsoAt(options.Conventions, "/Categories/Edit", "new-category");
            AlsoAt(options.Conventions, "/Segments/Edit", "new-segment");
        }).AddMvcOptions(mvc => mvc.Filters.Add<StorableInput>());
        services.AddSingleton<PeopleList>();
        services.AddSingleton<Undoing>();
        services.AddScoped<TemplateDesk>();
        services.AddScoped<TestDesk>();
        services.AddScoped<WordsReader>();
        services.AddMessageDesk();
        services.AddScoped<ProviderDesk>();
        services.AddScoped<AccountHistory>();
        services.AddScoped<WebhookDesk>();
        services.AddPeople();
        services.AddSingleton<Pages.Segments.SegmentDesk>();
        services.Configure<MvcViewOptions>(options => options.HtmlHelperOptions.ClientValidationEnabled = false); // the browser's own is enough
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = AdminCookies.Name(builder.Environment, "form");
            options.Cookie.SecurePolicy = AdminCookies.Secure(builder.Environment);
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.SuppressXFrameOptionsHeader = true;  // set for all pages by SecurityHeaders
        });
        services.Configure<CookieTempDataProviderOptions>(options =>
        {
            options.Cookie.Name = AdminCookies.Name(builder.Environment, "notice");
            options.Cookie.SecurePolicy = AdminCookies.Secure(builder.Environment);
        });
    }

    public static void MapAdmin(this WebApplication app)
    {
        if (!app.Plays(NodeRole.Admin)) return;
        app.MapStaticAssets().AllowAnonymous();

        // Deny by default: a page that says nothing asks for a signed-in person.
        app.MapGroup(AdminPipeline.Root).RequireAuthorization(Policies.SignedIn).MapRazorPages().WithStaticAssets();
#if HANGFIRE
        Hangfire.HangfireDashboard.MapHangfireDashboard(app);
#endif
    }

    /// A page that makes new things too. Links keep leading to the thing's own address: with AddPageRoute all of them would lead here.
    private static void AlsoAt(PageConventionCollection pages, string page, string path) => pages.AddPageRouteModelConvention(page, model =>
        model.Selectors.Add(new SelectorModel { AttributeRouteModel = new AttributeRouteModel { Template = path, SuppressLinkGeneration = true } }));
}
