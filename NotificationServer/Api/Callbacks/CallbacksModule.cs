using Microsoft.AspNetCore.Authentication;
using NotificationServer.Channels.Sms;
using NotificationServer.Channels.Sms.Twilio;
using NotificationServer.Channels.Sms.Vonage;

namespace NotificationServer.Api.Callbacks;

/// What providers send back. They have no key of ours: their signature is what lets them in.
internal static class CallbacksModule
{
    public static void AddCallbacks(this IServiceCollection services)
    {
        services.AddOptions<InboundSmsOptions>().BindConfiguration(InboundSmsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IInboundSmsReader, TwilioInbound>();
        services.AddSingleton<IInboundSmsReader, VonageInbound>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, SignedCallHandler>(SignedCallHandler.Scheme, null);
    }

    public static void Map(WebApplication app)
    {
        var callbacks = app.MapGroup("/in");
        callbacks.RequireAuthorization(policy => policy.AddAuthenticationSchemes(SignedCallHandler.Scheme).RequireAuthenticatedUser());
        callbacks.ExcludeFromDescription();
        TakeSms.Map(callbacks);
    }
}
