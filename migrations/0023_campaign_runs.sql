-- How a run does its work: cut into parts that several nodes take side by side, looked after, counted, and taken back.

alter table campaign_runs
    -- Where its messages wait while it is held: an hour of its own in a far future, so that they are found again without a look at messages.
    add column number         bigint generated always as identity,
    -- What it is about to end as, once nothing of it is under way any more.
    add column ending         text check (ending in ('cancelled', 'expired', 'failed')),
    -- When somebody looks after it next: its phases, its time, its failures.
    add column tend_at        timestamptz not null default now(),
    add column withdrawn_to   uuid not null default '00000000-0000-0000-0000-000000000000', -- the last message that was looked at to be taken back
    add column verified_to    text not null default '',  -- the last person whose messages were counted again
    add column verified_at    timestamptz,               -- all of them, and found right
    add column missing        integer not null default 0, -- people who had none, and were given theirs then
    add column extra          integer not null default 0, -- messages that somebody has twice
    -- What was known to have failed, and to have been answered, when a person said: go on.
    add column failed_before  bigint not null default 0,
    add column answered_before bigint not null default 0;
alter table campaign_runs set (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
create index campaign_runs_tended on campaign_runs (tend_at) where phase <> 'ended';

-- A stretch of the people of one wave. Its row is the lease: whoever holds it makes their messages, and it is gone when all of them are
-- made. What was reached and what was made are one transaction.
create table campaign_parts (
    run_id  uuid not null references campaign_runs on delete cascade,
    part    integer not null,
    wave    smallint not null,
    reached text not null,                               -- behind this user ...
    upto    text not null,                               -- ... up to this one
    primary key (run_id, part)
) with (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
create index campaign_parts_by_wave on campaign_parts (run_id, wave);

-- Whom it was is forgotten with the person; that there was somebody is not, so that the books still add up. No id begins like this.
create function erase_campaign_recipients(person text) returns void
    language sql as $$
        update campaign_recipients r
        set user_id = '~' || gen_random_uuid()
        from campaign_runs u
        where r.run_id = u.id and r.user_id = person
    $$;

-- Counted with everything else -------------------------------------------------------------------------------------------

alter table message_stat_deltas add column at timestamptz not null default now();

create or replace function count_inserted_messages() returns trigger language plpgsql as $$
begin
    insert into message_count_deltas (bucket, channel, lane, status, accepted, count, client_id, template, template_version, provider, sent, campaign_run_id)
    select date_bin('10 minutes', created_at, 'epoch'), channel, lane, status, count(*), count(*),
        case when not sandbox then client_id end, coalesce(template, ''), coalesce(template_version, 0),
        case when status = 'queued' then '' else coalesce(provider, '') end, count(sent_at), campaign_run_id
    from come
    group by 1, 2, 3, 4, 7, 8, 9, 10, 12;
    return null;
end $$;

create or replace function count_updated_messages() returns trigger language plpgsql as $$
begin
    insert into message_count_deltas (bucket, channel, lane, status, accepted, count, client_id, template, template_version, provider, sent, campaign_run_id)
    select date_bin('10 minutes', created_at, 'epoch'), channel, lane, status, 0, sum(change),
        case when not sandbox then client_id end, coalesce(template, ''), coalesce(template_version, 0),
        -- While it waits, whom it was tried with says nothing yet.
        case when status = 'queued' then '' else coalesce(provider, '') end, sum(sent), campaign_run_id
    from (
        select created_at, channel, lane, status, client_id, sandbox, template, template_version, provider, campaign_run_id,
            1 as change, case when sent_at is null then 0 else 1 end as sent
        from come
        union all
        select created_at, channel, lane, status, client_id, sandbox, template, template_version, provider, campaign_run_id,
            -1, case when sent_at is null then 0 else -1 end
        from gone
    ) as moved
    group by 1, 2, 3, 4, 7, 8, 9, 10, 12
    having sum(change) <> 0 or sum(sent) <> 0;
    return null;
end $$;

create or replace function count_engaged_in() returns trigger language plpgsql as $$
begin
    insert into message_stat_deltas (day, client_id, template, template_version, channel, provider, metric, count, campaign_run_id)
    select day, client_id, template, template_version, channel, provider, engagement_metric(kind, by_whom), count(*), campaign_run_id
    from come
    where client_id is not null
    group by 1, 2, 3, 4, 5, 6, 7, 9;
    return null;
end $$;

create or replace function count_engaged_on() returns trigger language plpgsql as $$
begin
    insert into message_stat_deltas (day, client_id, template, template_version, channel, provider, metric, count, campaign_run_id)
    select day, client_id, template, template_version, channel, provider, engagement_metric(kind, by_whom), sum(change), campaign_run_id
    from (select *, 1 as change from come union all select *, -1 from gone) as moved
    where client_id is not null
    group by 1, 2, 3, 4, 5, 6, 7, 9
    having sum(change) <> 0;
    return null;
end $$;

-- What is known of a run at this moment: what is folded and what is not yet.
create view campaign_books as
    select run_id, at, channel, template, template_version, provider, metric, count from campaign_counts
    union all
    select d.campaign_run_id, date_bin('10 minutes', d.at, 'epoch'), d.channel, d.template, d.template_version, d.provider, m.metric, m.count
    from message_count_deltas d
    cross join lateral (values ('accepted', d.accepted), ('taken', d.sent), (d.status, d.count)) as m(metric, count)
    where d.campaign_run_id is not null and m.count <> 0
    union all
    select campaign_run_id, date_bin('10 minutes', at, 'epoch'), channel, template, template_version, provider, metric, count
    from message_stat_deltas
    where campaign_run_id is not null;
