namespace NotificationServer.Campaigns.Runs;

/// What is written beside a run that did not come to its end.
internal static class RunWords
{
    public const string Expired = "Its time was over before all of it was sent.";
}
