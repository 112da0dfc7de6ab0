using System.Text.Json;
using NotificationServer.Admin.Identity;
using NotificationServer.Admin.Ui;
using NotificationServer.Tests.Api;

namespace NotificationServer.Tests.Admin.Pages.Users;

/// People as services write them, in the hands of a colleague who only changes their language.
public sealed class ProfileFormTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Theory]
    [InlineData("p-emoji", """{"attributes":{"mood":"😀 \"fine\"","path":"C:\\temp"}}""")]
    [InlineData("p-comma", """{"tags":["Zürich, CH","vip","5\" nails","\"said\""," blank "]}""")]
    public async Task A_person_stays_who_they_were(string id, string given)
    {
        using var service = await server.ServiceAsync();
        await service.GivenAsync(id, given);
        using var marketer = await server.ColleagueAsync(Roles.Marketer);
        var place = $"/admin/users/{id}/edit";

        await marketer.AfterAsync(await marketer.PostAsync(place, FilledForm.On(await marketer.ReadAsync(place), "form.card").With("Form.Locale", "de")));

        var user = await service.JsonAsync($"GET /v1/users/{id}");
        Assert.Equal("de", user.GetProperty("locale").GetString());
        foreach (var said in JsonElement.Parse(given).EnumerateObject())
            Assert.True(JsonElement.DeepEquals(said.Value, user.GetProperty(said.Name)), user.GetRawText());
    }

    [Theory]
    [InlineData("\"😀 é 𝒳\"")]
    [InlineData("\"\\\\uD83D\\\\uDE00\"")]
    [InlineData("\"\\\\\\\\😀\"")]
    [InlineData("\"\\n\\t\\\"\"")]
    public void JSON_for_eyes_has_characters_instead_of_escapes(string json) => Assert.Equal(json, Pretty.Json(JsonElement.Parse(json)));
}
