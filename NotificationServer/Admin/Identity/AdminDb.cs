using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using NotificationServer.Platform;
using Npgsql;

namespace NotificationServer.Admin.Identity;

/// The EF Core view of `migrations/0002_identity.sql`, which alone creates the tables.
internal sealed partial class AdminDb(DbContextOptions<AdminDb> options)
    : IdentityDbContext<StaffMember, IdentityRole<Guid>, Guid>(options)
{
    /// Open within a transaction of <see cref="Microsoft.EntityFrameworkCore.Infrastructure.DatabaseFacade"/>, and part of it.
    public NpgsqlConnection Connection => (NpgsqlConnection)Database.GetDbConnection();

    /// In the transaction of the deed.
    public Task AuditAsync(AuditEntry entry, CancellationToken ct) => AuditLog.AppendAsync(Connection, entry, ct);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        builder.Entity<StaffMember>().ToTable("staff");
        builder.Entity<IdentityRole<Guid>>().ToTable("roles");
        builder.Entity<IdentityUserRole<Guid>>().ToTable("staff_roles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("staff_claims");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("staff_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("staff_tokens");

        foreach (var property in builder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(InnerCapital().Replace(property.Name, "_$0").ToLowerInvariant());
            property.SetMaxLength(null);                 // Identity asks for varchar(256); our columns are text
        }

        RequireWhatTheSchemaRequires(builder);
    }

    private static void RequireWhatTheSchemaRequires(ModelBuilder builder)
    {
        builder.Entity<StaffMember>(staff =>
        {
            staff.Property(s => s.UserName).IsRequired();
            staff.Property(s => s.NormalizedUserName).IsRequired();
            staff.Property(s => s.Email).IsRequired();
            staff.Property(s => s.NormalizedEmail).IsRequired();
            staff.Property(s => s.SecurityStamp).IsRequired();
            staff.Property(s => s.ConcurrencyStamp).IsRequired();
        });
        builder.Entity<IdentityRole<Guid>>(role =>
        {
            role.Property(r => r.Name).IsRequired();
            role.Property(r => r.NormalizedName).IsRequired();
            role.Property(r => r.ConcurrencyStamp).IsRequired();
        });
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex InnerCapital();
}
