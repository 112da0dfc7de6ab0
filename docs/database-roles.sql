-- Two roles for a NotificationServer database: notifications_owner owns the tables and changes the schema (ConnectionStrings__Migrations, `migrate`);
-- notifications_app is what the servers work as (ConnectionStrings__Default). Run it as a superuser, connected to that database, before the first `migrate`
-- and once more after it: psql -d notifications -f docs/database-roles.sql. It may be run any number of times. Passwords are set between the two:
-- \password notifications_owner and \password notifications_app.

do $$
begin
    if not exists (select from pg_roles where rolname = 'notifications_owner') then
        create role notifications_owner login connection limit 10;
    end if;
    if not exists (select from pg_roles where rolname = 'notifications_app') then
        create role notifications_app login;
    end if;
    execute format('revoke all on database %I from public', current_database());
    execute format('alter database %I owner to notifications_owner', current_database());
    execute format('grant connect, temporary on database %I to notifications_app', current_database());
end $$;

-- In PostgreSQL 15 and newer the owner of a database may make tables in its schema public, and nobody else.
revoke create on schema public from public;
grant usage on schema public to notifications_app;

-- What is there already, if the servers have worked as somebody else so far.
do $$
declare
    made record;
begin
    for made in
        select c.oid::regclass as name, c.relkind from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and c.relowner <> 'notifications_owner'::regrole
            and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    loop
        execute format('alter %s %s owner to notifications_owner', case made.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, made.name);
    end loop;
    for made in
        select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.proowner <> 'notifications_owner'::regrole
            and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
    loop
        execute format('alter function %s owner to notifications_owner', made.name);
    end loop;
end $$;

-- Rows, and nothing else: no table is made, changed, emptied or dropped by the servers, and none of these rights can be passed on.
grant select, insert, update, delete on all tables in schema public to notifications_app;
grant usage on all sequences in schema public to notifications_app;
alter default privileges for role notifications_owner in schema public grant select, insert, update, delete on tables to notifications_app;
alter default privileges for role notifications_owner in schema public grant usage on sequences to notifications_app;
-- What coming migrations make for themselves only is theirs until somebody grants it.
alter default privileges for role notifications_owner revoke execute on functions from public;
alter default privileges for role notifications_owner in schema public grant execute on functions to notifications_app;
revoke execute on all functions in schema public from public;
grant execute on all functions in schema public to notifications_app;

-- How old the oldest transaction is, whosever it is (the alert old_transaction).
grant pg_read_all_stats to notifications_app;

do $$
begin
    -- The log of who did what is appended to. What it forgets it forgets by the functions forget_audit and forget_person_in_audit.
    if to_regclass('public.audit_log') is not null then
        revoke update, delete on audit_log from notifications_app;
    end if;
    if to_regclass('public.schema_migrations') is not null then
        revoke insert, update, delete on schema_migrations from notifications_app;
    end if;
    -- Vacuuming the queue between the turns of autovacuum; before PostgreSQL 17 only an owner may, and autovacuum has to do.
    if current_setting('server_version_num')::integer >= 170000 and to_regclass('public.jobs') is not null then
        execute 'grant maintain on jobs to notifications_app';
    end if;
end $$;
