using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NotificationServer.Recipients.Imports;
using NotificationServer.Tests.Support;

namespace NotificationServer.Tests.Api.Imports;

/// People by the file. The runner of this server is not started (no scheduler), so that a test takes its steps itself.
public sealed class ImportTests : IAsyncLifetime
{
    private const string Csv = "text/csv";
    private const string Lines = "application/x-ndjson";

    private readonly ServerHost server = new("Development", new Dictionary<string, string?> { ["Roles"] = "api" });

    private ImportRunner Runner => server.Services.GetRequiredService<ImportRunner>();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => ((IAsyncLifetime)server).DisposeAsync();

    [Fact]
    public async Task A_csv_is_stored_with_what_its_columns_say()
    {
        await server.GivenUserAsync("ann", """{"locale":"de-CH","phone":"+41791234567","attributes":{"team":"a"}}""");

        var started = await Send(Csv, "\uFEFFuser_id,email,phone,tags,attributes.first name,time_zone\r\nann,Ann@EXAMPLE.org,,\"x|y\",\"Ann, \"\"the\r\nfirst\"\"\",Europe/Zurich\r\nben,ben@example.org,+41791234568,,=-5,\n".Replace("=-5", "-5", StringComparison.Ordinal));
        await RunToTheEndAsync();

        var ann = await server.Client.JsonAsync("GET /v1/users/ann");
        Assert.Equal(("Ann@example.org", JsonValueKind.Null, "de-CH"), (ann.GetProperty("email").GetString(), ann.GetProperty("phone").ValueKind, ann.GetProperty("locale").GetString()));
        Assert.Equal(("Ann, \"the\r\nfirst\"", "a"), (ann.GetProperty("attributes").GetProperty("first name").GetString(), ann.GetProperty("attributes").GetProperty("team").GetString()));
        Assert.Equal(["x", "y"], ann.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("+41791234568", (await server.Client.JsonAsync("GET /v1/users/ben")).GetProperty("phone").GetString());
        var operation = await server.Client.JsonAsync($"GET /v1/operations/{Id(started)}");
        Assert.Equal(("import_users", "completed", 2, 2, 0), (operation.GetProperty("type").GetString(), operation.GetProperty("status").GetString(), operation.GetProperty("total").GetInt32(), operation.GetProperty("done").GetInt32(), operation.GetProperty("failed").GetInt32()));
    }

    [Fact]
    public async Task Lines_of_json_bring_devices_along()
    {
        await Send(Lines, """
            {"user_id":"cleo","attributes":{"plan":"pro"},"devices":[{"device_id":"d","platform":"android","push_provider":"fcm","token":"cleo"}]}

            {"user_id":"dan"}
            """);
        await RunToTheEndAsync();

        Assert.Equal(1, (await server.Client.JsonAsync("GET /v1/users/cleo/devices")).GetProperty("data").GetArrayLength());
        await server.Client.JsonAsync("GET /v1/users/dan");
    }

    [Fact]
    [Bar("B54")]
    public async Task B54_a_file_with_a_problem_is_refused_whole_with_every_row_that_has_one()
    {
        var file = new StringBuilder("user_id,email,attributes.note\n");
        for (var row = 2; row <= 2501; row++) file.Append(row % 2 == 0 ? $"u{row},u{row}@example.org,ok\n" : $"u{row},not an address,=HYPERLINK(1)\n");
        file.Append("u2,x@example.org,twice\nu9000,x@example.org\nu9001,\"open,x\nu9002,x@example.org,\n");

        using var response = await PostAsync(Csv, Encoding.UTF8.GetBytes(file.ToString()));
        var problem = await ProblemAssert.IsAsync(response, 422, "validation_failed");

        Assert.Equal(100, problem.GetProperty("errors").GetArrayLength());
        Assert.Equal("/rows/3/attributes.note", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
        var problems = await AllOf(response.Headers.Location!.ToString()); // said to be there
        Assert.Equal(1250 * 2 + 3, problems.Count);
        Assert.Equal(["/attributes.note formula", "/email invalid_email"], problems.Where(one => Row(one) == 3).Select(Describe));
        Assert.Equal("/user_id duplicate", Describe(problems.Single(one => Row(one) == 2502)));
        Assert.Equal(" cell_count", Describe(problems.Single(one => Row(one) == 2503)));
        Assert.Equal(" bad_quotes", Describe(problems.Single(one => Row(one) == 2504)));
        Assert.DoesNotContain("not an address", string.Concat(problems.Select(one => one.GetRawText())), StringComparison.Ordinal);
        await RunToTheEndAsync();
        Assert.Equal((0L, 0L), await Counts());
    }

    [Fact]
    public async Task Skipping_stores_the_good_rows_and_still_tells_the_bad_ones()
    {
        var started = await Send(Lines, "{\"user_id\":\"s1\"}\n{\"user_id\":\"s2\",\"phone\":\"1\"}\n{\n{\"user_id\":\"s3\",\"nope\":1}\n{\"user_id\":\"s4\",\"attributes\":{\"a\":\"\\u0000\"}}\n{\"user_id\":\"s5\"}", "?on_error=skip");
        await RunToTheEndAsync();

        Assert.Equal((5 + 1, 4), (started.GetProperty("rows").GetInt32(), started.GetProperty("bad_rows").GetInt32()));
        Assert.Equal(["2 /phone not_e164", "3  malformed_json", "4 /nope unknown_property", "5 /attributes/a nul_character"],
            (await AllOf(started.GetProperty("errors_url").GetString()!)).Select(one => $"{Row(one)} {Describe(one)}")); // there are some
        Assert.Equal((2L, 0L), await Counts());
    }

    [Fact]
    public async Task A_dry_run_judges_everything_and_stores_nothing()
    {
        var started = await Send(Csv, "user_id\nd1\nd2\nd1\n", "?dry_run=true");
        await RunToTheEndAsync();

        Assert.Equal(("completed", 3, 1), (started.GetProperty("status").GetString(), started.GetProperty("rows").GetInt32(), started.GetProperty("bad_rows").GetInt32()));
        Assert.Equal((0L, 0L), await Counts());
    }

    [Fact]
    public async Task A_node_that_dies_within_a_step_leaves_it_to_the_next_which_goes_on_exactly_there()
    {
        var started = await Send(Lines, string.Join('\n', Enumerable.Range(0, 2500).Select(n => $$"""{"user_id":"r{{n}}"}""")));
        Assert.True(await Runner.StepAsync(CancellationToken.None));
        // The statement that ends the step fails: what the step did is undone with the connection, as when the process is killed.
        await Execute("alter table imports add constraint killed check (done <= 1000)");
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => Runner.StepAsync(CancellationToken.None));
        Assert.Equal((1000L, 1500L), await Counts());
        await Execute("alter table imports drop constraint killed");

        await RunToTheEndAsync();

        Assert.Equal((2500L, 0L), await Counts());
        Assert.Equal(2500, (await server.Client.JsonAsync($"GET /v1/imports/{Id(started)}")).GetProperty("done").GetInt32());
        Assert.Equal(2500, await Scalar("select count(*) from users where version = 1"));
    }

    [Fact]
    public async Task An_import_can_be_stopped_before_its_end_and_sent_again()
    {
        var file = string.Join('\n', Enumerable.Range(0, 1500).Select(n => $$"""{"user_id":"c{{n}}"}"""));
        var started = await Send(Lines, file);
        await Runner.StepAsync(CancellationToken.None);

        await server.Client.JsonAsync($"POST /v1/operations/{Id(started)}:cancel", "{}");
        await RunToTheEndAsync();
        Assert.Equal((1000L, 0L), await Counts());
        await server.Client.RefusesAsync($"POST /v1/operations/{Id(started)}:cancel", "{}", 409, "wrong_state");

        await Send(Lines, file);
        await RunToTheEndAsync();
        Assert.Equal((1500L, 0L), await Counts());
        Assert.Equal(1500, await Scalar("select count(*) from users where version = 1"));
    }

    [Fact]
    public async Task A_file_whose_upload_broke_off_stores_nothing_and_is_cleared_away()
    {
        using var broken = new StreamContent(new BrokenStream(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 3000).Select(n => $$"""{"user_id":"x{{n}}"}"""))),
            () => Eventually.IsTrueAsync(async () => await Scalar("select count(*) from imports") == 1)));
        broken.Headers.ContentType = new MediaTypeHeaderValue(Lines);
        await Assert.ThrowsAnyAsync<Exception>(() => server.Client.PostAsync(new Uri("/v1/imports", UriKind.Relative), broken));
        await Eventually.IsTrueAsync(async () => await Scalar("select count(*) from imports where status = 'failed'") == 1);

        // And where the node itself went: nobody ends it, until it has been silent for long enough.
        await Execute("insert into imports (id, client_id, status, dry_run, skip_invalid, requested_by, updated_at) values (gen_random_uuid(), gen_random_uuid(), 'receiving', false, false, 'x', now() - interval '11 minutes')");
        await RunToTheEndAsync();

        Assert.Equal((0L, 0L), await Counts());
        Assert.Equal(2, await Scalar("select count(*) from imports where status = 'failed' and cleared"));
    }

    [Fact]
    [Bar("B54")]
    public async Task B54_what_is_no_list_of_users_is_refused()
    {
        foreach (var (type, bytes, status) in new (string?, byte[], int)[]
        {
            (Csv, [0x50, 0x4B, 3, 4, 0, 0], 422), (Lines, [0x1F, 0x8B, 8, 0], 422), (Csv, Encoding.Unicode.GetPreamble(), 422), (Csv, [], 422), (Csv, "email\na@x.test"u8.ToArray(), 422),
            (Csv, "user_id,user_id\n"u8.ToArray(), 422), (Csv, "user_id,password\n"u8.ToArray(), 422), ("application/json", "{}"u8.ToArray(), 415), (null, "user_id\n"u8.ToArray(), 415),
            ("text/csv; charset=iso-8859-1", "user_id\n"u8.ToArray(), 415),
        })
        {
            using var response = await PostAsync(type, bytes);
            Assert.True(status == (int)response.StatusCode, $"{type} {Convert.ToHexString(bytes)}: {response.StatusCode}");
        }
        using var odd = await PostAsync(Csv, "user_id\n"u8.ToArray(), "?on_error=panic");
        await ProblemAssert.IsAsync(odd, 400, "invalid_parameter");
        using var foreign = await PostAsync(Csv, [.. "user_id,attributes.n\nf1,"u8, 0xE9, .. "\nf2,\0\n"u8]);
        await ProblemAssert.IsAsync(foreign, 422, "validation_failed");
        Assert.Equal(["2  invalid_utf8", "3  nul_character"], (await AllOf(foreign.Headers.Location!.ToString())).Select(one => $"{Row(one)} {Describe(one)}")); // said to be there
    }

    [Fact]
    [Bar("B54")]
    public async Task B54_a_line_of_ten_megabytes_is_passed_over_in_the_memory_of_one_row()
    {
        var line = new byte[10 * 1024 * 1024];
        Array.Fill(line, (byte)'a');

        var started = await Send(Lines, [.. "{\"user_id\":\"l1\"}\n"u8, .. line, .. "\n{\"user_id\":\"l3\"}\n"u8], "?on_error=skip");
        await RunToTheEndAsync();

        Assert.Equal("2  row_too_long", Assert.Single((await AllOf(started.GetProperty("errors_url").GetString()!)).Select(one => $"{Row(one)} {Describe(one)}"))); // there is one
        Assert.Equal((2L, 0L), await Counts());
    }

    private async Task RunToTheEndAsync()
    {
        while (await Runner.StepAsync(CancellationToken.None) || await Runner.ClearAsync(CancellationToken.None))
        {
        }
    }

    private Task<JsonElement> Send(string type, string file, string query = "") => Send(type, Encoding.UTF8.GetBytes(file), query);

    private async Task<JsonElement> Send(string type, byte[] file, string query = "")
    {
        using var response = await PostAsync(type, file, query);
        Assert.True((int)response.StatusCode == 202, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> PostAsync(string? type, byte[] file, string query = "")
    {
        var content = new ByteArrayContent(file);
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await server.Client.PostAsync(new Uri($"/v1/imports{query}", UriKind.Relative), content);
    }

    private async Task<List<JsonElement>> AllOf(string url)
    {
        var all = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.Client.JsonAsync($"GET {url}?limit=200{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            all.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        return all;
    }

    private static string Id(JsonElement started) => started.GetProperty("operation_id").GetString()!; // always there

    private static int Row(JsonElement problem) => problem.GetProperty("row").GetInt32();

    private static string Describe(JsonElement problem) => $"{problem.GetProperty("field")} {problem.GetProperty("code")}";

    private async Task<(long Users, long Rows)> Counts() => (await Scalar("select count(*) from users"), await Scalar("select count(*) from import_rows"));

    private async Task<long> Scalar(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private async Task Execute(string sql)
    {
        await using var connection = await server.Database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    /// Ends in the middle, without an end.
    private sealed class BrokenStream(byte[] bytes, Func<Task> seen) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(ToArray(), cancellationToken);
            await destination.FlushAsync(cancellationToken);
            await seen();
            throw new IOException("broken off");
        }
    }
}
