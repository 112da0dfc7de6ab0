-- Many nodes on one database: who is there, how much each caller may ask, and how old rows leave.

-- Notifications a second, over all nodes; null: the server's default.
alter table api_keys add column rate_limit integer check (rate_limit between 1 and 1000000);

-- A whole batch under one key is not one notification.
alter table idempotency_keys alter column notification_id drop not null;

create table nodes (
    name       text primary key,
    roles      text[] not null,
    version    text not null,
    started_at timestamptz not null default now(),
    seen_at    timestamptz not null default now(),
    load       jsonb not null default '{}'               -- {"sms":{"in_flight":3,"slots":200}}
) with (fillfactor = 50);

-- Old days leave whole. A partition may go only when nothing in it is still wanted: no message waits or is being sent
-- (jobs), and none is a dead letter, which only a person may give up. The words (notifications) stay until the last of
-- their messages has gone. Where there is no table of dead letters, every failed message counts as one.
create function is_wanted(from_id uuid, below_id uuid, messages_of_day text) returns boolean
    language plpgsql stable as $$
declare
    wanted boolean;
begin
    select exists (
        select from unnest(array['ios_push', 'android_push', 'web_push', 'sms', 'email']) as c(channel)
        where exists (select from jobs j where j.channel = c.channel and j.id >= from_id and j.id < below_id))
    into wanted;
    if not wanted and to_regclass('dead_letters') is not null then
        execute 'select exists (select from dead_letters where message_id >= $1 and message_id < $2)'
            into wanted using from_id, below_id;
    elsif not wanted and to_regclass(messages_of_day) is not null then
        execute format('select exists (select from %I where status = ''failed'')', messages_of_day) into wanted;
    end if;
    return wanted;
end $$;

-- Drops the oldest partition of a log that is old enough and not wanted any more, and says which; null: there is none.
-- One a transaction, so that the lock on the log is held for a moment only; whoever calls sets a short lock_timeout.
create function drop_oldest_partition(log text, keep interval) returns text
    language plpgsql as $$
declare
    partition record;
begin
    if log not in ('notifications', 'messages', 'attempts') then
        raise exception '% is not a log', log;
    end if;
    for partition in
        select c.relname as name, to_date(right(c.relname, 8), 'YYYYMMDD') as day
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = log::regclass and c.relname ~ ('^' || log || '_[0-9]{8}$')
        order by c.relname
    loop
        -- The names are in the order of their days: the rest is younger still.
        exit when (partition.day + 1)::timestamp at time zone 'UTC' > now() - keep;
        continue when log = 'notifications' and to_regclass('messages_' || right(partition.name, 8)) is not null;
        continue when is_wanted(
            uuid_from(partition.day::timestamp at time zone 'UTC'), uuid_from((partition.day + 1)::timestamp at time zone 'UTC'),
            'messages_' || right(partition.name, 8));
        execute format('drop table %I', partition.name);
        return partition.name;
    end loop;
    return null;
end $$;
