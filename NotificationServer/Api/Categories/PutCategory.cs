using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Categories;

internal static class PutCategory
{
    private const int MaxName = 100;
    private const int MaxExpirySeconds = 30 * 24 * 3600;

    public sealed record Request(
        string Name,
        [property: Description("critical, transactional or marketing: decides the lane, and whether an opt-out applies")] string Class,
        [property: Description("A message that was not sent by then is not sent any more; null: it always is")] int? ExpiresAfterSeconds = null);

    public static void Map(RouteGroupBuilder v1) => v1.MapPut("/categories/{key}", HandleAsync)
        .RequireScope(Scopes.TemplatesWrite)
        .WithName(nameof(PutCategory))
        .WithRequestExample("""{"name":"Offers and news","class":"marketing","expires_after_seconds":86400}""")
        .WithSummary("Create or change a kind of message");

    private static async Task<Results<Ok<CategoryView>, Problem>> HandleAsync(
        CategoryKey key, Body<Request> body, CategoryStore categories, CancellationToken ct)
    {
        var request = body.Value;
        var errors = new FieldErrors();
        errors.CheckText(request.Name, "/name", MaxName);
        errors.Check(CategoryStore.Classes.Contains(request.Class), "/class", "unknown_class", $"Use one of {string.Join(", ", CategoryStore.Classes)}");
        errors.Check(request.ExpiresAfterSeconds is null or (> 0 and <= MaxExpirySeconds), "/expires_after_seconds", "out_of_range", $"Use 1 to {MaxExpirySeconds}");
        if (errors.Any)
            return errors.ToProblem();

        var category = new Category
        {
            Key = key.Value,
            Name = request.Name,
            Class = request.Class,
            ExpiresAfter = request.ExpiresAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        await categories.PutAsync(category, ct);
        return TypedResults.Ok(CategoryView.Of(category));
    }
}
