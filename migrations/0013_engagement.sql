-- What people do with what they got: opened, followed, complained of; and how each template does, day by day, from counters.

-- Null: as the server's options say, for the class of the message.
alter table templates
    add column track_opens  boolean,
    add column track_clicks boolean;

-- How messages end, by template -----------------------------------------------------------------------------------------

-- The words' own name, once more: the triggers below count by it, and must not look it up for each row that changes.
alter table messages
    add column template         text,
    add column template_version integer;

-- Counted by the same statement as before, only finer. No client: it is of no statistic (test sends, dead letters).
alter table message_count_deltas
    add column client_id        uuid,
    add column template         text not null default '',
    add column template_version integer not null default 0,
    add column provider         text not null default '',
    add column sent             integer not null default 0; -- how many a provider took, less those of which that was taken back

create or replace function count_inserted_messages() returns trigger language plpgsql as $$
begin
    insert into message_count_deltas (bucket, channel, lane, status, accepted, count, client_id, template, template_version, provider, sent)
    select date_bin('10 minutes', created_at, 'epoch'), channel, lane, status, count(*), count(*),
        case when not sandbox then client_id end, coalesce(template, ''), coalesce(template_version, 0),
        case when status = 'queued' then '' else coalesce(provider, '') end, count(sent_at)
    from come
    group by 1, 2, 3, 4, 7, 8, 9, 10;
    return null;
end $$;

create or replace function count_updated_messages() returns trigger language plpgsql as $$
begin
    insert into message_count_deltas (bucket, channel, lane, status, accepted, count, client_id, template, template_version, provider, sent)
    select date_bin('10 minutes', created_at, 'epoch'), channel, lane, status, 0, sum(change),
        case when not sandbox then client_id end, coalesce(template, ''), coalesce(template_version, 0),
        -- While it waits, whom it was tried with says nothing yet.
        case when status = 'queued' then '' else coalesce(provider, '') end, sum(sent)
    from (
        select created_at, channel, lane, status, client_id, sandbox, template, template_version, provider,
            1 as change, case when sent_at is null then 0 else 1 end as sent
        from come
        union all
        select created_at, channel, lane, status, client_id, sandbox, template, template_version, provider,
            -1, case when sent_at is null then 0 else -1 end
        from gone
    ) as moved
    group by 1, 2, 3, 4, 7, 8, 9, 10
    having sum(change) <> 0 or sum(sent) <> 0;
    return null;
end $$;

-- A day is that of the message, in UTC, whenever what is counted happened: so that what became of a day's messages adds up to them.
create table message_stats (
    day              date not null,
    client_id        uuid not null,
    template         text not null,                      -- '': its words came with the notification
    template_version integer not null,
    channel          text not null,
    provider         text not null,                      -- '': none was called
    metric           text not null,
    count            bigint not null,
    primary key (day, client_id, template, template_version, channel, provider, metric)
) with (fillfactor = 70);

-- The same of engagement; folded into the statistics with the rest.
create table message_stat_deltas (
    day              date not null,
    client_id        uuid not null,
    template         text not null,
    template_version integer not null,
    channel          text not null,
    provider         text not null,
    metric           text not null,
    count            integer not null
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_insert_threshold = -1);

-- What people do --------------------------------------------------------------------------------------------------------

-- What each source says: our own links and pixel (own), the account whose provider told, or an open that a click proves (click).
-- No address and no address of a network: whose message it is says the message, for as long as it does.
create table engagements (
    message_id uuid not null,
    kind       text not null check (kind in ('opened', 'clicked', 'replied', 'unsubscribed', 'complained')),
    by_whom    text not null check (by_whom in ('human', 'machine', 'unknown')),
    source     text not null,
    url_key    bigint not null,                          -- of the URL's hash: an index entry has no room for the URL; 0: none
    url        text not null,
    first_at   timestamptz not null,
    last_at    timestamptz not null,
    count      integer not null,
    primary key (message_id, kind, by_whom, source, url_key)
) partition by range (message_id);
create table engagements_default partition of engagements default;

-- One row a message and kind, however many sources say so how often: what is counted. Whoever is surer wins: a person over
-- nobody knows whom over a machine, whichever came first.
create table engaged (
    message_id       uuid not null,
    kind             text not null,
    by_whom          text not null,
    at               timestamptz not null,
    day              date not null,
    client_id        uuid,                               -- null: of no statistic
    template         text not null,
    template_version integer not null,
    channel          text not null,
    provider         text not null,
    primary key (message_id, kind)
) partition by range (message_id);
create table engaged_default partition of engaged default;

create function engagement_metric(kind text, by_whom text) returns text
    language sql immutable parallel safe
    as $$ select case when kind in ('opened', 'clicked') then kind || '_' || by_whom else kind end $$;

create function count_engaged_in() returns trigger language plpgsql as $$
begin
    insert into message_stat_deltas (day, client_id, template, template_version, channel, provider, metric, count)
    select day, client_id, template, template_version, channel, provider, engagement_metric(kind, by_whom), count(*)
    from come
    where client_id is not null
    group by 1, 2, 3, 4, 5, 6, 7;
    return null;
end $$;

create function count_engaged_on() returns trigger language plpgsql as $$
begin
    insert into message_stat_deltas (day, client_id, template, template_version, channel, provider, metric, count)
    select day, client_id, template, template_version, channel, provider, engagement_metric(kind, by_whom), sum(change)
    from (select *, 1 as change from come union all select *, -1 from gone) as moved
    where client_id is not null
    group by 1, 2, 3, 4, 5, 6, 7
    having sum(change) <> 0;
    return null;
end $$;

create trigger engaged_counted_in after insert on engaged
    referencing new table as come for each statement execute function count_engaged_in();
create trigger engaged_counted_on after update on engaged
    referencing old table as gone new table as come for each statement execute function count_engaged_on();

-- Links in texts are as short as can be, so that where they lead must be kept. A token says nothing and is made from the message and
-- the link: a second try says the same words.
create table short_links (
    token       text primary key,
    message_id  uuid not null,
    destination text not null
);
create index short_links_by_message on short_links (message_id);

-- As before, and what people do with them.
create or replace function create_log_partitions(from_day date, days integer) returns integer
    language plpgsql as $$
declare
    log text;
    day date;
    made integer := 0;
begin
    foreach log in array array['notifications', 'messages', 'attempts', 'receipts', 'engagements', 'engaged'] loop
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
    if log not in ('notifications', 'messages', 'attempts', 'receipts', 'engagements', 'engaged') then
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
    -- What they opened and followed was theirs alone. The figures stay: nothing counts what is taken away.
    delete from engagements where message_id = any(theirs);
    delete from engaged where message_id = any(theirs);
    delete from short_links where message_id = any(theirs);
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
