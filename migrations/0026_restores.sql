-- Whose life this database lives, so that an older copy of it, or a copy elsewhere, is known for one and sends nothing by itself.
-- And what is done with more rights than a server needs for its daily work: docs/database.md has the roles.

create table instance (
    only_one         boolean primary key default true check (only_one),
    id               uuid not null default gen_random_uuid(),
    epoch            bigint not null default 1,          -- raised whenever a person said that sending may go on
    installation     text,                               -- what the servers call it that use it (RestoreGuard:Installation)
    system           text,                               -- the server and the database that it lives in; null: whoever comes next says
    timeline         text,
    held_at          timestamptz,                        -- since when nothing is sent
    held_by          text,
    doubt            text check (doubt in ('older', 'elsewhere', 'other', 'installation', 'timeline')),
    evidence         jsonb,
    copy_at          timestamptz,                        -- the last moment that this copy knows of
    epoch_seen       bigint not null default 0,          -- the highest that some node remembers
    set_aside_before timestamptz,                        -- what was accepted before and was due at held_at is being set aside
    constraint instance_says_why check ((held_at is null) = (doubt is null))
) with (fillfactor = 50);
insert into instance default values;

-- What each node that remembers has seen: its own count in here, raised every two seconds, is compared with what it remembers outside.
create table instance_witnesses (
    id       uuid primary key,
    count    bigint not null,
    began_at timestamptz not null default clock_timestamp(),
    at       timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- A server may make days ahead and drop old ones without owning the tables.
alter function create_log_partitions(date, integer) security definer;
alter function drop_oldest_partition(text, interval) security definer;

-- The two ways in which the audit log changes otherwise than by being appended to, for servers that may only append. What is younger than
-- thirty days is out of their reach.
create function forget_audit(keep interval, most integer) returns integer
    language plpgsql security definer as $$
declare
    forgotten integer;
begin
    delete from audit_log
    where id = any(array(
        select id from audit_log
        where id < uuid_from(now() - greatest(keep, interval '30 days'))
        order by id limit most for update skip locked));
    get diagnostics forgotten = row_count;
    return forgotten;
end $$;

-- Only of a person of whom there is nothing any more: their name goes, the deeds stay.
create function forget_person_in_audit(person text, pseudonym text) returns void
    language plpgsql security definer as $$
begin
    if exists (select from users where id = person) then
        raise exception 'only who was erased is forgotten' using errcode = 'insufficient_privilege';
    end if;
    update audit_log
    set target = 'user:' || pseudonym, before = null, after = null, reason = null
    where target = 'user:' || person;
end $$;

-- What runs with its owner's rights finds its tables in the schema that it was made in, whatever whoever calls it has put before them.
do $$
declare
    called text;
begin
    foreach called in array array[
        'create_log_partitions(date, integer)', 'drop_oldest_partition(text, interval)', 'forget_audit(interval, integer)', 'forget_person_in_audit(text, text)']
    loop
        execute format('alter function %s set search_path = %I, pg_temp', called, current_schema());
    end loop;
end $$;
