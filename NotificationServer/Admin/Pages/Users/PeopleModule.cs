using NotificationServer.Admin.Pages.Blocked;

namespace NotificationServer.Admin.Pages.Users;

internal static class PeopleModule
{
    public static void AddPeople(this IServiceCollection services)
    {
        services.AddScoped<PersonDesk>();
        services.AddScoped<MatrixDesk>();
        services.AddScoped<ReachDesk>();
        services.AddScoped<ListDesk>();
    }
}
