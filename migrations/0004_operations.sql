-- What operators do: hold a queue, put failed messages back or close them, and see that the books balance.

-- Held queues and provider accounts. No row is running; who and why is kept here while it holds, and in the audit log for good.
create table queue_switches (
    kind       text not null check (kind in ('channel', 'account')),
    name       text not null,
    mode       text not null check (mode in ('paused', 'draining')),
    reason     text not null,
    until      timestamptz check (isfinite(until)),      -- after this it runs again by itself
    changed_by text not null,
    changed_at timestamptz not null default now(),
    primary key (kind, name),
    -- An account takes nothing in, so it cannot be drained.
    constraint only_channels_drain check (mode = 'paused' or kind = 'channel')
);

-- Who did what, and why. Only ever appended to.
create table audit_log (
    id     uuid primary key,
    at     timestamptz not null default now(),
    actor  text not null,
    action text not null,
    target text not null,
    before jsonb,
    after  jsonb,
    reason text
);
create index audit_log_by_target on audit_log (target, id);

-- Work that takes longer than a request. It is done in batches, each a transaction that holds the row: the row lock is the
-- lease, which a dead node loses at once, and the batch and the progress are written together or not at all.
create table operations (
    id           uuid primary key,
    type         text not null check (type in ('requeue', 'discard')),
    status       text not null check (status in ('running', 'completed', 'cancelled')),
    filter       jsonb not null,
    total        integer not null,                       -- how many matched when it was asked for
    done         integer not null default 0,
    refused      integer not null default 0,             -- accepted by a provider already: not sent again
    skipped      integer not null default 0,             -- no longer dead when their turn came: somebody else dealt with them
    most         integer not null,
    rate         integer,                                -- messages a second; null: as fast as it goes
    reason       text not null,
    requested_by text not null,
    created_at   timestamptz not null default now(),
    reached      uuid not null default '00000000-0000-0000-0000-000000000000', -- the last message it dealt with
    next_at      timestamptz not null default now(),     -- what keeps it at its rate, on whatever node
    updated_at   timestamptz not null default now(),
    finished_at  timestamptz
);
create index operations_running on operations (next_at) where status = 'running';

-- Something that a person should look at, until it is no longer so.
create table alerts (
    id         uuid primary key default gen_random_uuid(),
    kind       text not null,
    key        text not null,
    first_seen timestamptz not null default now(),
    last_seen  timestamptz not null default now(),
    cleared_at timestamptz,
    detail     jsonb not null
);
create unique index alerts_open on alerts (kind, key) where cleared_at is null;

-- Books that balance -------------------------------------------------------------------------------------------------

-- What every statement on messages changed, appended by the triggers below: nobody who writes a message can forget to count it,
-- and an append neither waits for nor is waited for by anybody. Rolled up into message_counts every few seconds.
create table message_count_deltas (
    at       timestamptz not null default now(),
    bucket   timestamptz not null,                       -- ten minutes of created_at
    channel  text not null,
    lane     smallint not null,
    status   text not null,
    accepted integer not null,                           -- how many came into being: only inserts say so
    count    integer not null                            -- how many came to this status, less those that left it
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_insert_threshold = -1);

create table message_counts (
    bucket   timestamptz not null,
    channel  text not null,
    lane     smallint not null,
    status   text not null,
    accepted bigint not null,
    count    bigint not null,
    primary key (bucket, channel, lane, status)
) with (fillfactor = 70);

create function count_inserted_messages() returns trigger language plpgsql as $$
begin
    insert into message_count_deltas (bucket, channel, lane, status, accepted, count)
    select date_bin('10 minutes', created_at, 'epoch'), channel, lane, status, count(*), count(*)
    from come
    group by 1, 2, 3, 4;
    return null;
end $$;

create function count_updated_messages() returns trigger language plpgsql as $$
begin
    insert into message_count_deltas (bucket, channel, lane, status, accepted, count)
    select date_bin('10 minutes', created_at, 'epoch'), channel, lane, status, 0, sum(change)
    from (
        select created_at, channel, lane, status, 1 as change from come
        union all
        select created_at, channel, lane, status, -1 from gone
    ) as moved
    group by 1, 2, 3, 4
    having sum(change) <> 0;
    return null;
end $$;

create trigger messages_counted_in after insert on messages
    referencing new table as come for each statement execute function count_inserted_messages();
create trigger messages_counted_on after update on messages
    referencing old table as gone new table as come for each statement execute function count_updated_messages();

-- The backlog of a lane is the sum of what is queued, without a look at the queue itself.
create index message_counts_waiting on message_counts (channel, lane) where status in ('queued', 'dead') and count <> 0;

-- What came into each lane and what left it, by ten seconds: the rates of the last hours.
create table queue_flow (
    at      timestamptz not null,
    channel text not null,
    lane    smallint not null,
    came    bigint not null,
    went    bigint not null,
    primary key (at, channel, lane)
);

-- Which parts of the log changed, and when their rows were last counted again.
create table balance_buckets (
    bucket     timestamptz primary key,
    changed_at timestamptz not null default now(),
    checked_at timestamptz
);
create index balance_buckets_unchecked on balance_buckets (bucket) where checked_at is null;

-- One row: which minute's check was taken on by some node.
create table balance_checks (
    id         boolean primary key default true check (id),
    checked_at timestamptz not null
);
insert into balance_checks (checked_at) values ('epoch');

-- Dead letters that wait for a person, by lane: counted the same way, under a status that no message has.
create function count_dead_letters() returns trigger language plpgsql as $$
begin
    insert into message_count_deltas (bucket, channel, lane, status, accepted, count)
    select 'epoch', channel, lane, 'dead', 0, case tg_op when 'INSERT' then count(*) else -count(*) end
    from dead
    group by channel, lane;
    return null;
end $$;
create trigger dead_letters_counted_in after insert on dead_letters
    referencing new table as dead for each statement execute function count_dead_letters();
create trigger dead_letters_counted_out after delete on dead_letters
    referencing old table as dead for each statement execute function count_dead_letters();

-- The fence of a message outlives its job: put back, it goes on from the attempt that ended it.
alter table dead_letters add column last_attempt integer not null default 0;

-- What a person decided about a failed message; its dead letter is gone then, the message and this are kept.
create table decisions (
    message_id   uuid not null,
    at           timestamptz not null default now(),
    decision     text not null check (decision in ('requeued', 'discarded')),
    actor        text not null,
    reason       text not null,
    operation_id uuid,
    primary key (message_id, at)
);

-- The one place that says what a filter means, for counting, requeueing and discarding alike.
create function matching_dead_letters(filter jsonb, failed_before timestamptz, after_id uuid, most integer) returns setof uuid
    language sql stable as $$
        select message_id
        from dead_letters
        where message_id > after_id and failed_at <= failed_before
            and (filter -> 'channels' is null or filter -> 'channels' ? channel)
            and (filter ->> 'provider' is null or provider = filter ->> 'provider')
            and (filter ->> 'fingerprint' is null or fingerprint = filter ->> 'fingerprint')
            and (filter ->> 'template' is null or template = filter ->> 'template')
            and (filter ->> 'error_code' is null or error_code = filter ->> 'error_code')
            and (filter ->> 'from' is null or failed_at >= (filter ->> 'from')::timestamptz)
            and (filter ->> 'to' is null or failed_at < (filter ->> 'to')::timestamptz)
        order by message_id
        limit most
    $$;

-- What is there already.
insert into message_counts (bucket, channel, lane, status, accepted, count)
select date_bin('10 minutes', created_at, 'epoch'), channel, lane, status, count(*), count(*)
from messages
group by 1, 2, 3, 4;
insert into balance_buckets (bucket) select distinct bucket from message_counts;
insert into message_counts (bucket, channel, lane, status, accepted, count)
select 'epoch', channel, lane, 'dead', 0, count(*) from dead_letters group by 2, 3;
