using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Api.Auth;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Operations;

/// Whatever changes how the server is set up, or who may be written to, is in the audit log; and what is not there is not by accident.
[Bar("S40")]
public sealed class AuditedTests(ServerHost server) : IClassFixture<ServerHost>
{
    /// Each with what it is written down as.
    private static readonly Dictionary<string, string> Audited = new()
    {
        ["PutProvider"] = "provider.put", ["DeleteProvider"] = "provider.delete", ["TestProvider"] = "provider.test", ["TripProvider"] = "provider.trip", ["ResetProvider"] = "provider.reset",
        ["PauseProvider"] = "account.pause", ["ResumeProvider"] = "account.resume", ["ReencryptProviders"] = "provider.reencrypt", ["PutRoutingRules"] = "routing_rules.put",
        ["PauseQueue"] = "channel.pause", ["DrainQueue"] = "channel.drain", ["ResumeQueue"] = "channel.resume",
        ["RequeueMessage"] = "message.requeue", ["RequeueMessages"] = "messages.requeue", ["DiscardMessages"] = "messages.discard", ["CancelOperation"] = "operation.cancel", ["UndoOperation"] = "operation.undo",
        ["CreateWebhookEndpoint"] = "webhook_endpoint.create", ["PatchWebhookEndpoint"] = "webhook_endpoint.change", ["DeleteWebhookEndpoint"] = "webhook_endpoint.delete",
        ["RotateWebhookSecret"] = "webhook_endpoint.rotate_secret", ["ReplayWebhookDelivery"] = "webhook_endpoint.replay", ["RecoverWebhookEndpoint"] = "webhook_endpoint.recover",
        ["CreateTemplate"] = "template.create", ["AddTemplateVersion"] = "template.write", ["RestoreTemplateVersion"] = "template.write", ["PatchTemplate"] = "template.change",
        ["PublishTemplate"] = "template.publish", ["DeleteTemplate"] = "template.archive", ["TestTemplate"] = "template.test",
        ["CreatePartial"] = "template_partial.create", ["PatchPartial"] = "template_partial.change", ["DeletePartial"] = "template_partial.delete", ["RollOutPartial"] = "template.publish",
        ["CreateCampaign"] = "campaign.create", ["PatchCampaign"] = "campaign.update", ["DeleteCampaign"] = "campaign.delete", ["CloneCampaign"] = "campaign.clone",
        ["SubmitCampaign"] = "campaign.submit", ["ApproveCampaign"] = "campaign.approve", ["RejectCampaign"] = "campaign.reject", ["LaunchCampaign"] = "campaign.launch",
        ["PauseCampaign"] = "campaign.pause", ["ResumeCampaign"] = "campaign.resume", ["CancelCampaign"] = "campaign.cancel", ["ThrottleCampaign"] = "campaign.throttle",
        ["RetryFailedMessages"] = "messages.requeue",
        ["CreateSegment"] = "segment.create", ["PatchSegment"] = "segment.update", ["DeleteSegment"] = "segment.archive", ["PutSegmentMembers"] = "segment.import",
        ["PutCategory"] = "category.change", ["DeleteCategory"] = "category.delete",
        ["PutBlock"] = "user.block", ["DeleteBlock"] = "user.unblock", ["DeleteUser"] = "user.delete", ["EraseUser"] = "user.erase", ["StartImport"] = "users.import",
        ["AddSuppression"] = "address.suppress", ["RemoveSuppression"] = "address.release",
    };

    /// The stream of data that services send, what has a history of its own, and what changes nothing; docs/audit.md says so.
    private static readonly string[] Elsewhere =
    [
        "SendNotification", "SendBatch", "ExplainNotification", "CancelNotification", "LintTemplate", "PreviewTemplate", "TestWebhookEndpoint", "PutUser", "PatchUser", "PutUsers", "PutDevice", "DeleteDevice",
        "PatchPreferences", "PutPreferences", "RecordConsent", "CreatePreferenceLink", "EstimateRules", "PreviewRules", "EstimateSegment", "PreviewSegment", "EstimateCampaign", "PlanCampaign",
    ];

    [Fact]
    public void Every_call_that_changes_something_is_written_down_or_has_a_reason_not_to_be()
    {
        var calls = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ScopeRequirement>() is not null && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == false)
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName) // every endpoint has a name
            .ToList();

        Assert.Empty(calls.Except(Audited.Keys).Except(Elsewhere));
        Assert.Empty(Audited.Keys.Concat(Elsewhere).Except(calls));
    }

    [Fact]
    public async Task What_a_service_changes_is_written_down_with_its_name_and_its_address()
    {
        var (api, others) = (server.Client, await server.ClientWithAsync(Scopes.OpsRead));
        (string Call, string? Json, string Deed)[] story =
        [
            ("POST /v1/templates", """{"key":"audited","name":"Audited","channels":{"sms":{"body":"one"}}}""", "template.create template:audited"),
            ("POST /v1/templates/audited/versions", """{"channels":{"sms":{"body":"two"}}}""", "template.write template:audited"),
            ("POST /v1/templates/audited:publish", """{"version":2}""", "template.publish template:audited"),
            ("POST /v1/templates/audited/versions/1:restore", null, "template.write template:audited"),
            ("POST /v1/template-partials", """{"key":"audited-foot","name":"Foot","text":"us"}""", "template_partial.create template_partial:audited-foot"),
            ("DELETE /v1/template-partials/audited-foot", null, "template_partial.delete template_partial:audited-foot"),
            ("PUT /v1/users/audited", "{}", ""),
            ("PUT /v1/users/audited/block", """{"reason":"asked"}""", "user.block user:audited"),
            ("DELETE /v1/users/audited", null, "user.delete user:audited"),
            ("POST /v1/suppressions", """{"address":"audited@example.org","channel":"email","reason":"manual"}""", "address.suppress address:a…@example.org"),
        ];

        foreach (var (call, json, deed) in story)
        {
            using var response = await api.SendAsync(call, json);
            Assert.True(response.IsSuccessStatusCode, $"{call}: {await response.Content.ReadAsStringAsync()}");
            if (deed.Length == 0) continue;
            var newest = (await api.JsonAsync("GET /v1/audit-log?limit=1")).GetProperty("data")[0];
            Assert.Equal($"{deed} client:test 127.0.0.1", $"{Text(newest, "action")} {Text(newest, "target")} {Text(newest, "actor")} {Text(newest, "ip")}");
        }
        Assert.Equal("127.0.0.…", Text((await others.JsonAsync("GET /v1/audit-log?limit=1")).GetProperty("data")[0], "ip"));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
