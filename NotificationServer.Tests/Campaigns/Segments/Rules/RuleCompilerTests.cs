using System.Text.Json;
using Microsoft.Extensions.Options;
using NotificationServer.Campaigns.Segments;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Campaigns.Segments.Rules;

/// Rules, asked of real rows: who is meant, and who is not.
public sealed class RuleCompilerTests : IClassFixture<RuleCompilerTests.Population>
{
    private readonly Population people;

    public RuleCompilerTests(Population people) => this.people = people;

    public sealed class Population : IAsyncLifetime
    {
        private readonly Database database = new();

        internal AudienceReader Reader { get; private set; } = null!; // xunit calls InitializeAsync before any test

        public async Task InitializeAsync()
        {
            await database.InitializeAsync();
            await People.IntoAsync(database.Source);
            Reader = new AudienceReader(database.Source, Options.Create(new SegmentOptions()));
        }

        public Task DisposeAsync() => database.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"all":[]}""", "ada ben cho dee")]
    [InlineData("""{"field":"country","op":"in","value":["DE","AT"]}""", "ada ben")]
    [InlineData("""{"field":"country","op":"not_in","value":["DE"]}""", "ben cho dee")]
    [InlineData("""{"not":{"field":"country","op":"in","value":["DE"]}}""", "ben cho dee")]
    [InlineData("""{"not":{"not":{"field":"country","op":"in","value":["DE"]}}}""", "ada")]
    [InlineData("""{"not":{"any":[{"field":"country","op":"in","value":["DE"]},{"field":"locale","op":"in","value":["de"]}]}}""", "cho dee")]
    [InlineData("""{"all":[{"field":"country","op":"exists"},{"any":[{"field":"tags","op":"any_of","value":["vip"]},{"field":"email","op":"missing"}]}]}""", "ada ben")]
    [InlineData("""{"field":"country","op":"missing"}""", "dee")]
    [InlineData("""{"field":"locale","op":"in","value":["de"]}""", "ada ben")]
    [InlineData("""{"field":"locale","op":"in","value":["de-DE","ko"]}""", "ada cho")]
    [InlineData("""{"field":"time_zone","op":"in","value":["Asia/Seoul"]}""", "cho")]
    [InlineData("""{"field":"tags","op":"all_of","value":["vip","beta"]}""", "ada")]
    [InlineData("""{"field":"tags","op":"any_of","value":["vip","beta"]}""", "ada ben")]
    [InlineData("""{"field":"tags","op":"none_of","value":["vip"]}""", "ben cho dee")]
    [InlineData("""{"field":"email","op":"exists"}""", "ada cho")]
    [InlineData("""{"field":"phone","op":"exists"}""", "ben")]
    [InlineData("""{"field":"created_at","op":"within_last_days","value":15}""", "cho dee")]
    [InlineData("""{"field":"created_at","op":"more_than_days_ago","value":30}""", "ada")]
    [InlineData("""{"field":"created_at","op":"before","value":"2000-01-01"}""", "")]
    [InlineData("""{"field":"created_at","op":"on_or_after","value":"2000-01-01"}""", "ada ben cho dee")]
    [InlineData("""{"field":"device","op":"exists"}""", "ada ben")]
    [InlineData("""{"field":"device","op":"missing"}""", "cho dee")]
    [InlineData("""{"field":"device.platform","op":"in","value":["ios","web"]}""", "ada")]
    [InlineData("""{"field":"device.platform","op":"not_in","value":["ios"]}""", "ben cho dee")]
    [InlineData("""{"field":"device.app_id","op":"in","value":["org.example.shop"]}""", "ada ben")]
    [InlineData("""{"field":"device.app_version","op":"at_least","value":"5.10"}""", "ada")]
    [InlineData("""{"field":"device.app_version","op":"below","value":"5.10"}""", "ben")]
    [InlineData("""{"field":"device.app_version","op":"is","value":"5.9"}""", "ben")]
    [InlineData("""{"field":"segment","op":"in","value":["seg_019900000000700080000000000000aa"]}""", "ben dee")]
    [InlineData("""{"field":"segment","op":"not_in","value":["seg_019900000000700080000000000000aa"]}""", "ada cho")]
    public Task Who_is_meant(string rules, string who) => Means(rules, who);

    [Theory]
    [InlineData("""{"op":"is","value":"pro"}""", "plan", "ada")]
    [InlineData("""{"op":"is_not","value":"pro"}""", "plan", "ben cho dee")]
    [InlineData("""{"op":"in","value":["pro","free"]}""", "plan", "ada")]
    [InlineData("""{"op":"not_in","value":["pro","free"]}""", "plan", "ben cho dee")]
    [InlineData("""{"op":"contains","value":"0%"}""", "plan", "ben")]
    [InlineData("""{"op":"not_contains","value":"rata"}""", "plan", "ada cho dee")]
    [InlineData("""{"op":"starts_with","value":"PRO"}""", "plan", "ada ben")]
    [InlineData("""{"op":"exists"}""", "plan", "ada ben")]
    [InlineData("""{"op":"missing"}""", "plan", "cho dee")]
    [InlineData("""{"op":"more_than","value":9}""", "orders", "ada")]
    [InlineData("""{"op":"at_least","value":9}""", "orders", "ada ben")]
    [InlineData("""{"op":"less_than","value":9.5}""", "orders", "ben")]
    [InlineData("""{"op":"at_most","value":17}""", "orders", "ada ben")]
    [InlineData("""{"op":"is","value":9}""", "orders", "ben")]
    [InlineData("""{"op":"is","value":true}""", "member", "ada")]
    [InlineData("""{"op":"is","value":false}""", "member", "ben")]
    [InlineData("""{"op":"is","value":"Köln"}""", "address.city", "ada")]
    [InlineData("""{"op":"is","value":"Graz"}""", "address.city", "ben")]
    [InlineData("""{"op":"anniversary_in_days","value":0}""", "born", "ada")]
    [InlineData("""{"op":"anniversary_in_days","value":3}""", "born", "ben")]
    [InlineData("""{"op":"before","value":"2010-01-01"}""", "born", "ada ben")]
    [InlineData("""{"op":"within_next_days","value":7}""", "renews", "ada")]
    [InlineData("""{"op":"within_last_days","value":7}""", "renews", "")]
    [InlineData("""{"op":"more_than_days_ago","value":9000}""", "born", "ada")]
    public Task Attributes_are_read_as_what_the_rule_compares_them_with(string rest, string attribute, string who) =>
        Means($"{{\"field\":\"attributes.{attribute}\",{rest[1..]}", who);

    [Theory]
    [InlineData("""{"field":"preference","op":"is","value":"in","channel":"email","category":"offers"}""", "ada")]
    [InlineData("""{"field":"preference","op":"is","value":"out","channel":"email","category":"offers"}""", "ben cho dee")]
    [InlineData("""{"field":"preference","op":"is","value":"out","channel":"email"}""", "dee")]
    [InlineData("""{"field":"preference","op":"is","value":"out","channel":"ios_push","category":"orders"}""", "ben")]
    [InlineData("""{"field":"preference","op":"is","value":"in","channel":"android_push","category":"orders"}""", "ada ben cho dee")]
    [InlineData("""{"field":"engagement","op":"did","value":"opened"}""", "ada")]
    [InlineData("""{"field":"engagement","op":"did","value":"opened","within_days":2}""", "")]
    [InlineData("""{"field":"engagement","op":"did_not","value":"opened","within_days":2}""", "ada ben cho dee")]
    [InlineData("""{"field":"engagement","op":"did","value":"clicked"}""", "ben")]
    [InlineData("""{"field":"engagement","op":"did","value":"clicked","template":"sale"}""", "")]
    [InlineData("""{"field":"engagement","op":"did","value":"clicked","template":"news","within_days":9}""", "ben")]
    [InlineData("""{"field":"engagement","op":"did","value":"opened","campaign":"cmp_019900000000700080000000000000cc"}""", "ada")]
    [InlineData("""{"field":"engagement","op":"did","value":"clicked","campaign":"cmp_019900000000700080000000000000cc"}""", "ben")]
    [InlineData("""{"field":"engagement","op":"did_not","value":"clicked","campaign":"cmp_019900000000700080000000000000cc"}""", "ada cho dee")]
    [InlineData("""{"field":"received","op":"at_least","value":2,"within_days":7}""", "ada")]
    [InlineData("""{"field":"received","op":"at_least","value":3,"within_days":7}""", "")]
    [InlineData("""{"field":"received","op":"fewer_than","value":1,"within_days":7}""", "cho dee")]
    [InlineData("""{"field":"received","op":"at_least","value":1,"within_days":60,"template":"sale"}""", "ada cho")]
    [InlineData("""{"field":"received","op":"at_least","value":1,"within_days":60,"category":"offers"}""", "ada")]
    [InlineData("""{"field":"received","op":"at_least","value":1,"within_days":7,"channel":"push"}""", "ada")]
    [InlineData("""{"field":"received","op":"at_least","value":1,"within_days":60,"campaign":"cmp_019900000000700080000000000000cc"}""", "ada ben")]
    public Task What_people_want_and_did(string rules, string who) => Means(rules, who);

    [Fact]
    public void No_value_is_part_of_the_statement()
    {
        const string evil = "x'); drop table users; --";
        foreach (var rules in new[]
        {
            $$"""{"field":"attributes.{{evil.Replace(".", "", StringComparison.Ordinal)}}","op":"is","value":"{{evil}}"}""", $$"""{"field":"tags","op":"any_of","value":["{{evil}}"]}""",
            $$"""{"field":"device.app_id","op":"in","value":["{{evil}}"]}""", $$"""{"field":"received","op":"at_least","value":1,"within_days":7,"template":"{{evil}}","category":"{{evil}}"}""",
            $$"""{"field":"engagement","op":"did","value":"opened","template":"{{evil}}"}""", $$"""{"field":"preference","op":"is","value":"in","channel":"sms","category":"{{evil}}"}""",
        })
        {
            var (sql, errors) = Audiences.OfRules(JsonElement.Parse(rules));

            Assert.Empty(errors);
            Assert.DoesNotContain("drop", sql!.Condition, StringComparison.Ordinal); // there were no errors
            Assert.All(sql.Parameters.Keys, name => Assert.StartsWith("s", name, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""[]""", "", "wrong_type")]
    [InlineData("""{}""", "", "unknown_rule")]
    [InlineData("""{"some":[]}""", "/some", "unknown_rule")]
    [InlineData("""{"all":[],"any":[]}""", "", "unknown_rule")]
    [InlineData("""{"all":{}}""", "/all", "wrong_type")]
    [InlineData("""{"any":[]}""", "/any", "empty_group")]
    [InlineData("""{"all":[{"all":[]}]}""", "/all/0/all", "empty_group")]
    [InlineData("""{"all":[{"field":"height","op":"is","value":1}]}""", "/all/0/field", "unknown_field")]
    [InlineData("""{"field":"attributes.","op":"exists"}""", "/field", "invalid_attribute")]
    [InlineData("""{"field":"attributes.a..b","op":"exists"}""", "/field", "invalid_attribute")]
    [InlineData("""{"not":{"field":"country","op":"like","value":["DE"]}}""", "/not/op", "unknown_op")]
    [InlineData("""{"field":"country","value":["DE"]}""", "/op", "required")]
    [InlineData("""{"field":"country","op":"in"}""", "/value", "required")]
    [InlineData("""{"field":"country","op":"in","value":"DE"}""", "/value", "wrong_type")]
    [InlineData("""{"field":"country","op":"in","value":[]}""", "/value", "required")]
    [InlineData("""{"field":"country","op":"in","value":["DE","Germany"]}""", "/value/1", "unknown_country")]
    [InlineData("""{"field":"country","op":"exists","value":true}""", "/value", "unexpected")]
    [InlineData("""{"field":"country","op":"exists","extra":true}""", "/extra", "unknown_property")]
    [InlineData("""{"field":"locale","op":"in","value":["german"]}""", "/value/0", "unknown_locale")]
    [InlineData("""{"field":"time_zone","op":"in","value":["Berlin"]}""", "/value/0", "unknown_time_zone")]
    [InlineData("""{"field":"created_at","op":"before","value":"2026-02-30"}""", "/value", "invalid_date")]
    [InlineData("""{"field":"created_at","op":"within_last_days","value":-1}""", "/value", "out_of_range")]
    [InlineData("""{"field":"created_at","op":"within_last_days","value":1.5}""", "/value", "out_of_range")]
    [InlineData("""{"field":"created_at","op":"within_next_days","value":1}""", "/op", "unknown_op")]
    [InlineData("""{"field":"attributes.a","op":"is","value":"a\nb"}""", "/value", "invalid_text")]
    [InlineData("""{"field":"attributes.a","op":"is","value":{}}""", "/value", "wrong_type")]
    [InlineData("""{"field":"attributes.a","op":"at_least","value":"9"}""", "/value", "wrong_type")]
    [InlineData("""{"field":"attributes.a","op":"at_least","value":1e400}""", "/value", "out_of_range")]
    [InlineData("""{"field":"device.platform","op":"in","value":["symbian"]}""", "/value/0", "unknown_platform")]
    [InlineData("""{"field":"device.app_version","op":"below","value":"five"}""", "/value", "invalid_version")]
    [InlineData("""{"field":"preference","op":"is","value":"maybe","channel":"sms"}""", "/value", "unknown_value")]
    [InlineData("""{"field":"preference","op":"is","value":"in"}""", "/channel", "required")]
    [InlineData("""{"field":"preference","op":"is","value":"in","channel":"pigeon"}""", "/channel", "unknown_channel")]
    [InlineData("""{"field":"engagement","op":"did","value":"read"}""", "/value", "unknown_kind")]
    [InlineData("""{"field":"engagement","op":"did","value":"opened","campaign":"x"}""", "/campaign", "invalid_id")]
    [InlineData("""{"field":"received","op":"at_least","value":1}""", "/within_days", "required")]
    [InlineData("""{"field":"segment","op":"in","value":["vip"]}""", "/value/0", "invalid_id")]
    public void What_cannot_be_asked_is_refused_where_it_stands(string rules, string place, string code)
    {
        var (sql, errors) = Audiences.OfRules(JsonElement.Parse(rules));

        Assert.Null(sql);
        Assert.Contains((place, code), errors.Select(error => (error.Pointer, error.Code)));
    }

    [Fact]
    public void A_tree_has_bounds()
    {
        const string leaf = """{"field":"email","op":"exists"}""";
        static string Nested(int depth) => depth == 0 ? leaf : $"{{\"not\":{Nested(depth - 1)}}}";
        static string Wide(int count) => $"{{\"any\":[{string.Join(',', Enumerable.Repeat(leaf, count))}]}}";

        Assert.Empty(Audiences.OfRules(JsonElement.Parse(Nested(8))).Errors);
        Assert.Equal("too_deep", Assert.Single(Audiences.OfRules(JsonElement.Parse(Nested(9))).Errors).Code);
        Assert.Empty(Audiences.OfRules(JsonElement.Parse(Wide(100))).Errors);
        Assert.Equal("too_many", Assert.Single(Audiences.OfRules(JsonElement.Parse(Wide(5000))).Errors).Code);
    }

    private async Task Means(string rules, string who)
    {
        var (sql, errors) = Audiences.OfRules(JsonElement.Parse(rules));
        Assert.True(sql is not null, string.Join(", ", errors));

        var sample = await people.Reader.SampleAsync(sql, 10, default);
        var size = await people.Reader.CountAsync(sql, default);

        Assert.Equal(who, string.Join(' ', sample.Select(person => person.Id)));
        Assert.Equal(((long)sample.Count, 4L, true), (size!.People, size.OfAll, size.IsExact)); // four rows are counted in time
    }
}
