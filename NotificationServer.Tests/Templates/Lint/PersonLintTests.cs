using NotificationServer.Templates;
using NotificationServer.Templates.Lint;
using NotificationServer.Templates.Preview;

namespace NotificationServer.Tests.Templates.Lint;

/// A template that speaks of the person, looked at before there is one.
public sealed class PersonLintTests
{
    [Fact]
    public void What_not_everybody_has_is_warned_of_and_nobody_needs_to_declare_it()
    {
        var findings = Check("Hi {{user.first_name}}, {{user.id}} {{default user.plan \"free\"}} {{#if user.city}}{{user.city}}{{/if}}");

        var finding = Assert.Single(findings, found => found.Severity != Severity.Info);
        Assert.Equal(("warning", "person_may_lack", "/channels/sms"), (finding.SeverityName, finding.Code, finding.Pointer));
        Assert.Contains("{{default user.first_name \"...\"}}", finding.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_says_what_callers_give_under_user_is_held_to_it()
    {
        var schema = """{"type":"object","properties":{"user":{"type":"object","properties":{"name":{"type":"string"}},"additionalProperties":false}}}""";

        Assert.Equal(["missing_variable"], Check("{{user.nmae}}", schema).Where(found => found.Severity == Severity.Error).Select(found => found.Code));
        Assert.DoesNotContain(Check("{{user.first_name}}", """{"type":"object","properties":{"name":{"type":"string"}}}"""), found => found.Code == "missing_variable");
        Assert.DoesNotContain(Check("{{user.country}}", schema), found => found.Code == "missing_variable");
    }

    [Fact]
    public void The_preview_speaks_to_an_example_to_the_samples_person_or_to_whoever_is_named()
    {
        var draft = Draft("{{user.first_name}} ({{user.country}})");
        var previewer = new Previewer(TimeProvider.System);

        Assert.Equal("[first_name] (GB)", previewer.Of(draft, new Viewer()).Single().Content?.Text);
        Assert.Equal(["user.first_name"], previewer.Of(draft, new Viewer(Saying.Json("{}"))).Single().MadeUp);
        Assert.Equal("Ada (GB)", previewer.Of(draft with { Sample = Saying.Json("""{"user":{"first_name":"Ada"}}""") }, new Viewer()).Single().Content?.Text);
        var bea = PersonValues.Of("u_b", null, null, "CH", """{"first_name":"Bea"}""");
        Assert.Equal("Bea (CH)", previewer.Of(draft, new Viewer { Person = bea }).Single().Content?.Text);
        Assert.Equal("the person's profile lacks 'user.first_name'", previewer.Of(draft, new Viewer { Person = bea with { Attributes = Saying.Json("{}") } }).Single().Problem);
    }

    private static IReadOnlyList<Finding> Check(string body, string? schema = null) => new LintReader(new Previewer(TimeProvider.System))
        .Check(Draft(body) with { Schema = schema is null ? null : Saying.Json(schema) });

    private static Draft Draft(string body) => new(new TemplateParts(Sms: new SmsPart(body)));
}
