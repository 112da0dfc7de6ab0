namespace NotificationServer.Benchmarks.Faults;

/// The faults that are played, in the order of their numbers.
internal static class Scenarios
{
    public static readonly IReadOnlyList<Scenario> All =
        [.. ProcessScenarios.All.Concat(DatabaseScenarios.All).Concat(RestoreScenarios.All).Concat(StandbyScenarios.All).Concat(NetworkScenarios.All).Concat(ProviderScenarios.All).Concat(AnswerScenarios.All).Concat(DataScenarios.All).Concat(OptOutScenarios.All).Concat(CampaignScenarios.All)
            .OrderBy(scenario => scenario.Id, StringComparer.Ordinal)];

    public static Scenario Find(string id) => All.Single(scenario => scenario.Id == id);
}
