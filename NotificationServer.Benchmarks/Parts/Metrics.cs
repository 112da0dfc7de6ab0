using System.Collections.Frozen;

namespace NotificationServer.Benchmarks.Parts;

/// The names that a run's figures go by; whoever compares runs relies on them.
internal static class Metrics
{
    public const string RawInsert = "raw_insert_per_s";
    public const string RawDrain = "raw_drain_per_s";
    public const string IntakeSingle = "intake_single_per_s";
    public const string IntakeBatch = "intake_batch_per_s";
    public const string IntakeInProcess = "intake_inprocess_per_s";
    public const string IntakeSingleP50 = "intake_single_p50_ms";
    public const string IntakeSingleP99 = "intake_single_p99_ms";
    public const string DrainInProcess = "drain_inprocess_per_s";
    public const string DrainHttp = "drain_http_per_s";
    public const string Drain50Ms = "drain_50ms_per_s";
    public const string DrainHistory = "drain_5m_history_per_s";
    public const string DrainOneNode = "drain_one_node_per_s";
    public const string DrainTwoNodes = "drain_two_nodes_per_s";
    public const string Sustained = "sustained_per_s";
    public const string SustainedDead = "sustained_dead_rows";
    public const string SustainedJobsSize = "sustained_jobs_mb";
    public const string LatencyIdleP50 = "latency_idle_p50_ms";
    public const string LatencyIdleP99 = "latency_idle_p99_ms";
    public const string LatencyUnderBulkP50 = "latency_critical_under_bulk_p50_ms";
    public const string LatencyUnderBulkP99 = "latency_critical_under_bulk_p99_ms";
    public const string RecipientsStored = "recipients_stored_s";
    public const string DecisionP50 = "decision_single_p50_ms";
    public const string DecisionP99 = "decision_single_p99_ms";
    public const string DecisionBatch = "decision_batch_per_s";
    public const string TokensBatch = "decision_limit_tokens_per_s";
    public const string TemplateRenders = "template_renders_per_s";
    public const string TemplateRaw = "template_raw_handlebars_per_s";
    public const string TemplateRatio = "template_of_raw_handlebars";
    public const string TemplateAllocated = "template_alloc_kb";
    public const string TemplateRawAllocated = "template_raw_handlebars_alloc_kb";
    public const string SlowestPage = "slowest_page_p95_ms";
    public const string RawCampaignRows = "raw_campaign_rows_per_s";
    public const string CampaignExpand = "campaign_expand_per_s";
    public const string CampaignOfRows = "campaign_of_raw_campaign_rows";
    public const string CampaignProven = "campaign_proven_s";
    public const string CampaignMemory = "campaign_rss_mb";
    public const string AnswerIdleP99 = "answer_idle_p99_ms";
    public const string AnswerCampaignP99 = "answer_under_campaign_p99_ms";
    public const string AnswerOfIdle = "answer_p99_of_idle";
    public const string CampaignKills = "campaign_kills";
    public const string CampaignMissing = "campaign_missing";
    public const string CampaignExtra = "campaign_extra";
    public const string CampaignBooks = "campaign_books_off";
    public const string CostNode = "cost_node_cpu_us";
    public const string CostPostgres = "cost_database_cpu_us";
    public const string CostWal = "cost_wal_bytes";
    public const string CostDisk = "cost_disk_bytes";
    public const string CostDayCores = "cost_of_16m_a_day_cores";
    public const string CostDayWal = "cost_of_16m_a_day_wal_gb";
    public const string CostDayDisk = "cost_of_16m_a_day_disk_gb";
    public const string Memory = "rss_mb";
    public const string CpuIntake = "node_cpu_us_per_intake";
    public const string CpuIntakeBatch = "node_cpu_us_per_batch_item";
    public const string CpuDrainHttp = "node_cpu_us_per_http_send";
    public const string Wal = "wal_bytes_per_message";
    public const string WalIntake = "wal_bytes_per_message_intake";
    public const string WalDrain = "wal_bytes_per_message_drain";

    /// The least that is acceptable on 2 cores that database, load and server share. Shown, never asserted: figures move with
    /// the machine.
    public static readonly FrozenDictionary<string, string> Floors = new Dictionary<string, string>
    {
        [IntakeSingle] = "5,000",
        [IntakeBatch] = "20,000 and 0.25 of raw",
        [DrainInProcess] = "10,000 and 0.25 of raw",
        [DrainHttp] = "3,000",
        [DrainHistory] = "0.9 of drain_inprocess_per_s",
        [LatencyIdleP99] = "at most 25",
        [LatencyUnderBulkP99] = "at most 250",
        [Memory] = "at most 300",
        [CampaignExpand] = "0.5 of raw",
        [CampaignOfRows] = "0.5",
        [CampaignMemory] = "at most 400",
        [AnswerOfIdle] = "at most 3",
        [CampaignMissing] = "0",
        [CampaignExtra] = "0",
        [CampaignBooks] = "0",
        [SlowestPage] = "at most 200",
    }.ToFrozenDictionary();
}
