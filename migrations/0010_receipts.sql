-- What came back: the providers' own account of what became of a message after they took it.

-- Only ever appended to. A receipt lies in the day of its message, under a key that is the same for each repeat: the primary key is
-- what counts a repeat once, and what a message's timeline reads, without another index. What is about no message of ours has the
-- empty id, and lies in the default partition.
create table receipts (
    message_id          uuid not null,
    key                 uuid not null,                   -- of the provider's own id of the event
    vendor              text not null,
    account             text not null,
    event               text not null,                   -- the provider's word
    kind                text not null check (kind in ('progress', 'sent', 'delivered', 'bounced', 'failed', 'opened', 'clicked', 'complained',
        'unsubscribed', 'resubscribed', 'unknown')),
    class               text not null check (class in ('ok', 'retry', 'throttled', 'permanent', 'invalid_recipient', 'auth_config')),
    code                text,
    provider_message_id text,
    at                  timestamptz not null,            -- when it happened, as the provider says
    received_at         timestamptz not null default now(),
    detail              jsonb,                           -- what else was said; never an address
    primary key (message_id, key)
) partition by range (message_id);
create table receipts_default partition of receipts default;
create index receipts_of_nobody on receipts (received_at) where message_id = '00000000-0000-0000-0000-000000000000';

-- For texts whose receipts do not bring our own id along. Of texts only: every other send stays without one more index entry.
create index attempts_by_provider_id on attempts (provider_message_id) where channel = 'sms' and outcome = 'accepted';

-- As before, and the receipts with them.
create or replace function create_log_partitions(from_day date, days integer) returns integer
    language plpgsql as $$
declare
    log text;
    day date;
    made integer := 0;
begin
    foreach log in array array['notifications', 'messages', 'attempts', 'receipts'] loop
        for day in select from_day + n from generate_series(0, days - 1) n loop
            if to_regclass(format('%s_%s', log, to_char(day, 'YYYYMMDD'))) is null then
                execute format('create table %I partition of %I for values from (%L) to (%L) %s',
                    log || '_' || to_char(day, 'YYYYMMDD'), log,
                    uuid_from(day::timestamp at time zone 'UTC'), uuid_from((day + 1)::timestamp at time zone 'UTC'),
                    case log when 'messages' then 'with (fillfactor = 85)' else '' end);
                made := made + 1;
            end if;
        end loop;
    end loop;
    return made;
end $$;

select create_log_partitions((now() at time zone 'UTC')::date - 1, 9);

create or replace function drop_oldest_partition(log text, keep interval) returns text
    language plpgsql as $$
declare
    partition record;
begin
    if log not in ('notifications', 'messages', 'attempts', 'receipts') then
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

-- Takes a person out of what was said to them. The figures stay: a message keeps its channel, state and times. What is being sent
-- at this moment is left alone, and told: ask again. Returns how many were emptied, and how many were left.
create or replace function erase_messages(person text, out emptied integer, out in_flight integer)
    language plpgsql as $$
declare
    theirs uuid[];
begin
    with ended as (
        delete from jobs j
        using messages m
        where m.user_id = person and m.status = 'queued' and j.channel = m.channel and j.id = m.id and j.state = 0
        returning j.id
    )
    update messages m
    set status = 'cancelled', reason = 'The person was erased.', updated_at = now()
    from ended
    where m.id = ended.id and m.status = 'queued';

    theirs := array(select m.id from messages m where m.user_id = person
        and not exists (select from jobs j where j.channel = m.channel and j.id = m.id));
    in_flight := (select count(*) from messages m where m.user_id = person) - cardinality(theirs);

    insert into decisions (message_id, decision, actor, reason)
    select message_id, 'discarded', 'server', 'The person was erased.'
    from dead_letters where message_id = any(theirs);
    delete from dead_letters where message_id = any(theirs);
    delete from inbox where message_id = any(theirs);
    update attempts set detail = null, provider_message_id = null where message_id = any(theirs);
    update receipts set detail = null, provider_message_id = null where message_id = any(theirs);
    -- What was said to nobody else.
    update notifications n set payload = '{}'
    from messages m
    where m.id = any(theirs) and n.id = m.notification_id and n.recipients = 1;
    update messages
    set user_id = null, device_id = null, address = case when address is null then null else 'erased' end,
        app_id = null, provider_message_id = null, error_detail = null
    where id = any(theirs);
    emptied := cardinality(theirs);
end $$;
