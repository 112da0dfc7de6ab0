using Xunit.Abstractions;

[assembly: TestCollectionOrderer("NotificationServer.Tests.Support.LongestFirst", "NotificationServer.Tests")]

namespace NotificationServer.Tests.Support;

/// What starts processes takes longest: begun last, it would go on alone when everything else has ended.
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Slow = [".Faults.", ".StartTests", ".StopJourneys", ".CrashJourneys", ".RunTests", ".TwoNodeJourneys", ".GateJourneys", ".EmbeddedPostgresTests", ".Gallery.", ".Journeys.", ".Browser."];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.FindIndex(Slow, name => collection.DisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var at ? at : Slow.Length);
}
