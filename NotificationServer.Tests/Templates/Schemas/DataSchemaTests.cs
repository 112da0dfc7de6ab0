using NotificationServer.Templates;
using NotificationServer.Templates.Schemas;

namespace NotificationServer.Tests.Templates.Schemas;

public sealed class DataSchemaTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"a\"", "1")]
    [InlineData("""{"type":"integer"}""", "1.0", "1.5")]
    [InlineData("""{"items":{"type":["string","null"]}}""", "[null]", "[true]")]
    [InlineData("""{"enum":["a",1,{"b":[2]}]}""", """{"b":[2.0]}""", "2")]
    [InlineData("""{"items":{"const":null}}""", "[null]", "[0]")]
    [InlineData("""{"minimum":1,"maximum":3}""", "3", "3.0001")]
    [InlineData("""{"exclusiveMinimum":1,"exclusiveMaximum":3}""", "2", "3")]
    [InlineData("""{"maximum":3}""", "-1e300", "1e300")]
    [InlineData("""{"multipleOf":0.01}""", "19.99", "19.999")]
    [InlineData("""{"minLength":2,"maxLength":3}""", "\"abc\"", "\"a\"")]
    [InlineData("""{"maxLength":1}""", "\"😀\"", "\"😀😀\"")]
    [InlineData("""{"pattern":"^[A-Z]{2}[0-9]+$"}""", "\"AB12\"", "\"ab12\"")]
    [InlineData("""{"format":"date-time"}""", "\"2026-11-01T09:00:00.5+01:00\"", "\"2026-11-01 09:00\"")]
    [InlineData("""{"format":"date"}""", "\"2028-02-29\"", "\"2026-02-29\"")]
    [InlineData("""{"format":"time"}""", "\"23:59:60Z\"", "\"12:00:60Z\"")]
    [InlineData("""{"format":"email"}""", "\"ann@example.org\"", "\"ann\"")]
    [InlineData("""{"format":"email"}""", "\"a.b@example.org\"", "\"a..b@example.org\"")]
    [InlineData("""{"format":"uri"}""", "\"https://example.org/a?b=c\"", "\"/a\"")]
    [InlineData("""{"format":"uuid"}""", "\"01890f3a-7b3c-7000-8000-000000000000\"", "\"01890f3a-7b3c-7000-8000-000000000000\\n\"")]
    [InlineData("""{"items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[1,2]", "[1,2,3]")]
    [InlineData("""{"uniqueItems":true}""", "[1,\"1\",[1]]", "[1,2,1.0]")]
    [InlineData("""{"properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""", """{"a":"x"}""", """{"a":"x","b":1}""")]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""", """{"x":1}""", """{"x":"1"}""")]
    [InlineData("""{"minProperties":1,"maxProperties":2}""", """{"x":1}""", "{}")]
    [InlineData("""{"allOf":[{"minLength":2},{"maxLength":3}]}""", "\"ab\"", "\"a\"")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"minLength":2,"type":"string"}]}""", "1", "\"a\"")]
    [InlineData("""{"oneOf":[{"minimum":1},{"maximum":3}]}""", "0", "2")]
    [InlineData("""{"not":{"type":"object"}}""", "[]", "{}")]
    [InlineData("""{"$defs":{"money":{"type":"number","minimum":0}},"$ref":"#/$defs/money","maximum":10}""", "10", "-1")]
    [InlineData("""{"properties":{"a":false}}""", "{}", """{"a":1}""")]
    public void What_fits_passes_and_what_does_not_is_a_fault(string schema, string fits, string fails)
    {
        Assert.Empty(Compiled(schema).Check(Saying.Json(fits)));
        Assert.NotEmpty(Compiled(schema).Check(Saying.Json(fails)));
    }

    [Fact]
    public void Every_fault_points_into_the_data_and_repeats_none_of_it()
    {
        var schema = Compiled("""
            {"type":"object","required":["order","name"],"properties":{
                "name":{"type":"string"},
                "order":{"type":"object","required":["no"],"properties":{"items":{"type":"array","items":{"type":"object","properties":{"a/b":{"type":"integer"}}}}}}}}
            """);

        var faults = schema.Check(Saying.Json("""{"order":{"items":[{"a/b":1},{"a/b":"secret"}]}}"""));

        Assert.Equal([("/name", "missing_variable"), ("/order/no", "missing_variable"), ("/order/items/1/a~1b", "wrong_type")], faults.Select(f => (f.Pointer, f.Code)));
        Assert.DoesNotContain(faults, fault => fault.Message.Contains("secret", StringComparison.Ordinal));
        Assert.Equal(["/order", "/name"], schema.Check(null).Select(f => f.Pointer));
    }

    [Theory]
    [InlineData("[]", "", "not_an_object")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "/$schema", "unsupported_draft")]
    [InlineData("""{"patternProperties":{}}""", "/patternProperties", "unsupported_keyword")]
    [InlineData("""{"properties":{"a":{"if":true}}}""", "/properties/a/if", "unsupported_keyword")]
    [InlineData("""{"required":["a"],"properties":{"a/b":{"requried":[]}}}""", "/properties/a~1b/requried", "unsupported_keyword")]
    [InlineData("""{"type":"text"}""", "/type", "unknown_type")]
    [InlineData("""{"type":"string,integer"}""", "/type", "unknown_type")]
    [InlineData("""{"type":"1"}""", "/type", "unknown_type")]
    [InlineData("""{"type":[]}""", "/type", "unknown_type")]
    [InlineData("""{"format":"iri"}""", "/format", "unsupported_format")]
    [InlineData("""{"pattern":"(?=a)"}""", "/pattern", "invalid_pattern")]
    [InlineData("""{"pattern":"("}""", "/pattern", "invalid_pattern")]
    [InlineData("""{"minLength":-1}""", "/minLength", "out_of_range")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf", "out_of_range")]
    [InlineData("""{"minimum":"1"}""", "/minimum", "wrong_type")]
    [InlineData("""{"required":"a"}""", "/required", "wrong_type")]
    [InlineData("""{"anyOf":[]}""", "/anyOf", "wrong_type")]
    [InlineData("""{"$ref":"https://example.org/schema.json"}""", "/$ref", "unsupported_reference")]
    [InlineData("""{"$ref":"#"}""", "/$ref", "unsupported_reference")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "/$ref", "unknown_reference")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"properties":{"b":{"$ref":"#/$defs/a"}}}}}""", "/$defs/a/properties/b/$ref", "recursive_schema")]
    [InlineData("""{"$defs":{"unused":{"type":"strnig"}}}""", "/$defs/unused/type", "unknown_type")]
    public void A_schema_that_would_not_be_checked_whole_is_refused(string schema, string at, string code)
    {
        var errors = new List<TemplateError>();

        Assert.Null(DataSchema.From(Saying.Json(schema), "/variables_schema", errors));
        Assert.Contains(("/variables_schema" + at, code), errors.Select(error => (error.Pointer, error.Code)));
    }

    [Fact]
    public void A_schema_is_bounded_in_size_and_depth()
    {
        Assert.Equal("too_large", Refusal($$"""{"description":"{{new string('x', 17_000)}}"}"""));
        Assert.Equal("too_deep", Refusal(string.Concat(Enumerable.Repeat("""{"items":""", 16)) + "{}" + new string('}', 16)));
        Assert.NotNull(Compiled(string.Concat(Enumerable.Repeat("""{"items":""", 15)) + "{}" + new string('}', 15)));
    }

    [Fact]
    public void Definitions_that_double_each_other_do_not_double_the_work_without_end()
    {
        var doubled = string.Join(',', Enumerable.Range(0, 14).Select(n => $$"""
            "d{{n}}":{"allOf":[{"$ref":"#/$defs/d{{n + 1}}"},{"$ref":"#/$defs/d{{n + 1}}"}]}
            """));
        var errors = new List<TemplateError>();
        // It goes beyond the depth; what does not is held by the steps.
        Assert.Null(DataSchema.From(Saying.Json($$$"""{"$defs":{{{{doubled}}},"d14":{"type":"string"}},"$ref":"#/$defs/d0"}"""), "", errors));
        Assert.Equal("too_deep", errors[0].Code);

        var list = Compiled("""{"items":{"allOf":[{"allOf":[{"type":"integer"},{"type":"integer"}]},{"allOf":[{"type":"integer"},{"type":"integer"}]}]}}""");
        var faults = list.Check(Saying.Data(Enumerable.Range(0, 100_000)));
        Assert.Equal("too_complex", Assert.Single(faults).Code);
        Assert.Equal("too_complex", Assert.Single(Compiled("""{"uniqueItems":true}""").Check(Saying.Data(Enumerable.Range(0, 5_000)))).Code);
    }

    [Fact]
    public void No_more_than_a_few_faults_are_told()
    {
        Assert.Equal(20, Compiled("""{"items":{"type":"string"}}""").Check(Saying.Data(Enumerable.Range(0, 1_000))).Count);
    }

    private static DataSchema Compiled(string schema)
    {
        var errors = new List<TemplateError>();
        return DataSchema.From(Saying.Json(schema), "", errors) ?? throw new InvalidOperationException(string.Join("; ", errors));
    }

    private static string Refusal(string schema)
    {
        var errors = new List<TemplateError>();
        DataSchema.From(Saying.Json(schema), "", errors);
        return Assert.Single(errors).Code;
    }
}
