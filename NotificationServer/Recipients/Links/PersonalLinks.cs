using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace NotificationServer.Recipients.Links;

/// Whole addresses of personal links, as they are put into messages.
internal sealed class PersonalLinks(SignedLinks signed, IOptions<PersonalLinkOptions> options, IServiceProvider services, IHostEnvironment environment)
{
    public const string NoAddress = "Links:PublicUrl is not set, so that the message cannot carry a way out";

    /// Where people reach this server, without a slash at its end; null: nobody said. In Development it is wherever the server listens.
    public string? Base => options.Value.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? (environment.IsDevelopment() ? Listening() : null);

    /// Opened, it shows a button; posted to by a mail program, it unsubscribes at once.
    public string? Unsubscribe(PersonalLink link) => To("u", LinkPurpose.Unsubscribe, link, options.Value.UnsubscribeFor);

    public string? Preferences(PersonalLink link, TimeSpan? validFor = null) =>
        To("p", LinkPurpose.Preferences, link with { Category = "", MessageId = null }, validFor ?? options.Value.PreferencesFor);

    private string? To(string place, LinkPurpose purpose, PersonalLink link, TimeSpan validFor) =>
        Base is { } at ? $"{at}/{place}/{signed.Seal(purpose, link, validFor)}" : null;

    private string? Listening() =>
        services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.TrimEnd('/');
}
