using NotificationServer.Recipients;

namespace NotificationServer.Api.Blocks;

/// A block as callers see one; without `until` it holds for good.
public sealed record BlockView(string UserId, string Reason, DateTimeOffset? Until, string CreatedBy, DateTimeOffset CreatedAt)
{
    internal static BlockView Of(RecipientId user, Block block) => new(user.Value, block.Reason, block.Until, block.CreatedBy, block.CreatedAt);
}
