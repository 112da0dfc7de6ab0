using NotificationServer.Channels;

namespace NotificationServer.Recipients.Consents;

/// Which yes of a person allowed a message: the most exact one. Null: nobody was asked, or the person is not ours.
internal static class AllowedBy
{
    public static Guid? Of(Person? person, Channel channel, CategoryRule category)
    {
        if (person is null || person.Wishes.Count == 0) return null;
        Wish? best = null;
        foreach (var wish in person.Wishes)
        {
            if (!wish.OptIn || wish.ConsentId is null || (wish.Category.Length > 0 && wish.Category != category.Key)) continue;
            if (wish.Channel != channel.Name() && wish.Channel != channel.Family().Name()) continue;
            if (best is null || Exactness(wish, channel) > Exactness(best, channel)) best = wish;
        }
        return best?.ConsentId;
    }

    private static int Exactness(Wish wish, Channel channel) => (wish.Category.Length > 0 ? 2 : 0) + (wish.Channel == channel.Name() ? 1 : 0);
}
