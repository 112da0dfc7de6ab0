namespace NotificationServer.Channels;

/// A vendor as its line in the module describes it: what it is called, what it carries, what it must be told, and how a
/// connector is made of that. Each account of the vendor has a connector of its own.
internal sealed record Vendor(string Name, ChannelFamily Family, string Section, Type Settings, Func<VendorOptions, IProvider> Connect)
{
    /// `Channels:SendGrid` is `sendgrid`: the name that its connector gives itself too.
    public static string NameOf(string section) => section[(section.LastIndexOf(':') + 1)..].ToLowerInvariant();
}
