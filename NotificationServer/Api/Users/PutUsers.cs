using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using NotificationServer.Api.Auth;
using NotificationServer.Api.Description;
using NotificationServer.Api.Errors;
using NotificationServer.Api.Http;
using NotificationServer.Api.Json;
using NotificationServer.Recipients;

namespace NotificationServer.Api.Users;

internal static class PutUsers
{
    private const int MostItems = 1000;

    public sealed record Request([property: Description("1 to 1,000 users")] BulkUser[] Items);

    /// `operation_id` is always null: everything was stored before this answer, and nothing is left to follow.
    public sealed record Response(string? OperationId, int Created, int Changed, ItemAnswer[] Results);

    /// 200: stored; 422: see the problem.
    public sealed record ItemAnswer(
        int Index, int Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProblemDocument? Problem = null);

    /// Each item read by itself, and as strictly as a request of its own.
    internal sealed class Items(IReadOnlyList<ReadUser> users) : IBindableFromHttpContext<Items>, IEndpointParameterMetadataProvider
    {
        public IReadOnlyList<ReadUser> Users => users;

        public static async ValueTask<Items?> BindAsync(HttpContext context, ParameterInfo parameter)
        {
            JsonRequest.Require(context.Request);
            return await JsonRequest.ReadAsync(context, Parse);
        }

        public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
            builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(Request)));

        private static Items Parse(ReadOnlySpan<byte> json)
        {
            if (!Utf8.IsValid(json))
                throw new ProblemException(Problems.Malformed("malformed_json", "The body is not valid UTF-8"));
            try
            {
                var users = new List<ReadUser>();
                foreach (var range in JsonItems.Find(json)) users.Add(ReadUser.Of(json[range]));
                return new Items(users);
            }
            catch (JsonException e)
            {
                throw new ProblemException(JsonFault.Describe(e));
            }
        }
    }

    public static void Map(RouteGroupBuilder v1) => v1.MapPost("/users:batch", HandleAsync)
        .RequireScope(Scopes.UsersWrite)
        .AllowBulkBody()
        .WithMetadata(CostsItsItems.Instance)
        .WithName(nameof(PutUsers))
        .WithSummary("Create or change many users, with their devices")
        .WithRequestExample("""{"items":[{"user_id":"u_1","email":"ann@example.com","attributes":{"plan":"pro"},"devices":[{"device_id":"phone","platform":"android","push_provider":"fcm","token":"dG9rZW4:APA91b-1","install_id":"a1"}]},{"user_id":"u_2","phone":null}]}""")
        .WithDescription("What an item names is changed, the rest stays; attributes are merged. Items are judged one by one, and all good ones are stored by one commit. The same again changes nothing.")
        .Produces<Response>(StatusCodes.Status202Accepted);

    private static async Task<Results<JsonHttpResult<Response>, Problem>> HandleAsync(
        Items body, Caller caller, KeyLimits limits, UserStore users, PhonePolicy phones, HttpContext http, CancellationToken ct)
    {
        var items = body.Users;
        if (items.Count is 0 or > MostItems)
            return Problems.Validation(new FieldError("/items", "item_count", $"1 to {MostItems} items"));
        if (limits.Charge(http, caller, items.Count) is { } limited)
            return limited;

        var answers = new ItemAnswer[items.Count];
        var patches = new List<UserPatch>(items.Count);
        var named = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < answers.Length; i++)
        {
            var problem = items[i].Problem;
            if (items[i].User is { } user)
            {
                var errors = new FieldErrors();
                var patch = BulkUserRules.Check(user, items[i].Named, phones, errors);
                errors.Check(patch is null || named.Add(user.UserId), "/user_id", "duplicate", "An earlier item is about the same user");
                if (errors.Any) problem = errors.ToProblem();
                else patches.Add(patch!.Value); // no errors, so there is one
            }
            answers[i] = problem is null ? new ItemAnswer(i, StatusCodes.Status200OK)
                : new ItemAnswer(i, StatusCodes.Status422UnprocessableEntity, (problem with { Status = StatusCodes.Status422UnprocessableEntity }).DocumentFor(http));
        }

        var stored = patches.Count == 0 ? default : await users.PutManyAsync(patches, ct);
        return TypedResults.Json(new Response(null, stored.Created, stored.Changed, answers), statusCode: StatusCodes.Status202Accepted);
    }
}
