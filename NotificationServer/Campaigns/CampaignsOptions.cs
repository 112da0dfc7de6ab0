using System.ComponentModel.DataAnnotations;

namespace NotificationServer.Campaigns;

internal sealed class CampaignsOptions
{
    public const string Section = "Campaigns";

    /// From how many people on a second person has to agree. 1: always; 0: never.
    [Range(0, int.MaxValue)]
    public int ApprovalFrom { get; set; } = 1;
}
