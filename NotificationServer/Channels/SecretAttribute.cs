namespace NotificationServer.Channels;

/// Marks a setting that is stored encrypted, is never shown again, and is in no log.
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
