using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Blocks;
using NotificationServer.Api.Callbacks;
using NotificationServer.Api.Campaigns;
using NotificationServer.Api.Campaigns.Reports;
using NotificationServer.Api.Categories;
using NotificationServer.Api.Consents;
using NotificationServer.Api.Description;
using NotificationServer.Api.Devices;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Imports;
using NotificationServer.Api.Inbox;
using NotificationServer.Api.Json;
using NotificationServer.Api.Messages;
using NotificationServer.Api.Notifications;
using NotificationServer.Api.Operations;
using NotificationServer.Api.Paging;
using NotificationServer.Api.Preferences;
using NotificationServer.Api.Privacy;
using NotificationServer.Api.Providers;
using NotificationServer.Api.Segments;
using NotificationServer.Api.Statistics;
using NotificationServer.Api.Suppressions;
using NotificationServer.Api.Templates;
using NotificationServer.Api.Templates.Partials;
using NotificationServer.Api.Users;
using NotificationServer.Api.Webhooks;
using NotificationServer.Platform;

namespace NotificationServer.Api;

internal static class ApiModule
{
    public static void AddApi(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ConfigureKestrel>();
        services.ConfigureHttpJsonOptions(json => StrictJson.Apply(json.SerializerOptions));
        services.AddJson(ApiJsonContext.Default);
        services.AddJson(NotificationJson.Default);
        services.AddJson(UsersJson.Default);
        // One place answers for a bad request, in every environment.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<LastResort>();
        services.AddRequestDecompression();
        services.AddSingleton<Cursors>();
        services.AddSingleton<ImportIntake>();
        services.AddSingleton<ProviderViews>();
        services.AddSingleton<DraftReader>();
        if (builder.Plays(NodeRole.Api) || builder.Plays(NodeRole.Admin))
            services.AddSingleton(new RequiredSecret(Cursors.Key));
        builder.AddApiKeys();
        services.AddCallbacks();
        services.AddDescription();
    }

    /// A folder's build-time serialisers, asked before reflection.
    public static void AddJson(this IServiceCollection services, IJsonTypeInfoResolver context) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, context));

    public static void MapApi(this WebApplication app)
    {
        if (app.Services.GetRequiredService<CommandLine>().Command == ServerCommand.CreateKey)
            CreateKey.RunAndExit(app);

        app.Use(next => http => RequestIdentity.AnswerAsync(http, next));
        app.Use(next => http => AuditOrigin.NoteAsync(http, next));
        app.UseWhen(http => !http.Request.Path.StartsWithSegments("/admin"), api =>
        {
            api.UseStatusCodePages(context => UnreadParameter.ProblemFor(context.HttpContext).ExecuteAsync(context.HttpContext));
            api.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask });
            api.Use(next => http => AmbiguousFraming.RefuseAsync(http, next));
            api.Use(next => http => StorableQuery.RefuseAsync(http, next));
            api.Use(next => http => PackedCallback.RefuseAsync(http, next));
            api.UseRequestDecompression();
        });
        app.UseDescriptionPages();
        // Said here so that the refusals of both pass through what stands above.
        app.UseAuthentication();
        app.UseAuthorization();

        if (!app.Plays(NodeRole.Api)) return;
        app.Use(KeyLimits.Middleware(app.Services.GetRequiredService<KeyLimits>()));
        app.Use(KeyReads.Middleware(app.Services.GetRequiredService<KeyReads>()));
        app.MapDescription();
        var v1 = app.MapGroup("/v1");
        v1.RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiKeyHandler.Scheme).RequireAuthenticatedUser());
        MapNotifications(v1.MapGroup("").WithTags("Notifications"));
        MapTemplates(v1.MapGroup("").WithTags("Templates"));
        CampaignRoutes.Map(v1.MapGroup("").WithTags("Campaigns"));
        MapUsers(v1.MapGroup("").WithTags("Users"));
        MapSuppressions(v1.MapGroup("").WithTags("Suppressions"));
        MapCategories(v1.MapGroup("").WithTags("Categories"));
        SegmentRoutes.Map(v1.MapGroup("").WithTags("Segments"));
        OperationRoutes.Map(v1.MapGroup("").WithTags("Operations"));
        ListWorkers.Map(v1.MapGroup("").WithTags("Operations"));
        GetStatistics.Map(v1.MapGroup("").WithTags("Statistics"));
        CampaignReportRoutes.Map(v1.MapGroup("").WithTags("Campaigns"));
        MapProviders(v1.MapGroup("").WithTags("Providers"));
        WebhookRoutes.Map(v1.MapGroup("").WithTags("Webhooks"));
        CallbacksModule.Map(app);
        if (app.Environment.IsDevelopment())
            ListInbox.Map(v1.MapGroup("").WithTags("Inbox"));
    }

    private static void MapNotifications(RouteGroupBuilder v1)
    {
        SendNotification.Map(v1);
        SendBatch.Map(v1);
        ExplainNotification.Map(v1);
        GetNotification.Map(v1);
        CancelNotification.Map(v1);
        ListMessages.Map(v1);
        GetMessage.Map(v1);
        GetMessageTimeline.Map(v1);
    }

    private static void MapProviders(RouteGroupBuilder v1)
    {
        ReadProviders.Map(v1);
        PutProvider.Map(v1);
        DeleteProvider.Map(v1);
        TestProvider.Map(v1);
        DrillProvider.Map(v1);
        ReencryptProviders.Map(v1);
        RoutingRules.Map(v1);
    }

    private static void MapTemplates(RouteGroupBuilder v1)
    {
        CreateTemplate.Map(v1);
        ListTemplates.Map(v1);
        GetTemplate.Map(v1);
        AddTemplateVersion.Map(v1);
        GetTemplateVersion.Map(v1);
        PublishTemplate.Map(v1);
        LintTemplate.Map(v1);
        PreviewTemplate.Map(v1);
        TestTemplate.Map(v1);
        PatchTemplate.Map(v1);
        DeleteTemplate.Map(v1);
        ListTemplateVersions.Map(v1);
        RestoreTemplateVersion.Map(v1);
        DiffTemplateVersions.Map(v1);
        CreatePartial.Map(v1);
        ReadPartials.Map(v1);
        PatchPartial.Map(v1);
        DeletePartial.Map(v1);
        RollOutPartial.Map(v1);
    }

    private static void MapUsers(RouteGroupBuilder v1)
    {
        PutUser.Map(v1);
        PutUsers.Map(v1);
        StartImport.Map(v1);
        GetImport.Map(v1);
        ListImportErrors.Map(v1);
        PatchUser.Map(v1);
        GetUser.Map(v1);
        DeleteUser.Map(v1);
        PutDevice.Map(v1);
        ListDevices.Map(v1);
        DeleteDevice.Map(v1);
        PatchPreferences.Map(v1);
        GetPreferences.Map(v1);
        PutPreferences.Map(v1);
        PutBlock.Map(v1);
        GetBlock.Map(v1);
        DeleteBlock.Map(v1);
        RecordConsent.Map(v1);
        ListConsents.Map(v1);
        CreatePreferenceLink.Map(v1);
        ExportUser.Map(v1);
        EraseUser.Map(v1);
    }

    private static void MapSuppressions(RouteGroupBuilder v1)
    {
        AddSuppression.Map(v1);
        ListSuppressions.Map(v1);
        RemoveSuppression.Map(v1);
    }

    private static void MapCategories(RouteGroupBuilder v1)
    {
        PutCategory.Map(v1);
        DeleteCategory.Map(v1);
        ListCategories.Map(v1);
        GetCategory.Map(v1);
    }
}
