namespace NotificationServer.Templates.Html;

internal enum HtmlPlace
{
    /// Escaping is enough.
    Words,
    /// The value is a link, or begins one.
    Link,
    /// The value continues a web link: it is percent-encoded, so that it stays one part of it.
    LinkPart,
    /// The same in mailto:, tel: and sms:, where @ and + are what they look like.
    AddressPart,
    /// In a style attribute: a colour, a size, a name.
    Css,
    /// Escaping does not help here: a tag or attribute name, an unquoted value, a script.
    Unsafe,
}
