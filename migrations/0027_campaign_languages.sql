-- Reports of campaigns by language, the lists behind what people did, a pace for the runs to come, and lists that can be undone.

-- Who opened it, newest first: without a look at those who did not.
create index engaged_by_campaign_run on engaged (campaign_run_id, kind, message_id)
    where campaign_run_id is not null and (by_whom = 'human' or kind not in ('opened', 'clicked'));

-- At what pace the runs to come go, as somebody said while one was under way: people a minute, 0: as fast as it goes; null: as the plan says.
alter table campaigns add column pace integer check (pace >= 0);

-- Who came to a list and who went by one change of it, for a day: so that a wrong file can be undone. It may be lost with the server.
create unlogged table segment_changes (
    change  uuid not null,                               -- the upload
    user_id text not null,
    came    boolean not null,                            -- else: went
    primary key (change, user_id)
);

-- Beside campaign_counts, and not as one more column of it: a node of the version before goes on folding that while this one is put in
-- place, and would count what it does not know to nobody. Nobody but the triggers below writes these, and they hold for every node.
create table campaign_locale_deltas (
    run_id uuid not null,
    locale text not null,                                -- of the message; '': none is known
    metric text not null,                                -- as in campaign_counts
    count  integer not null
) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_insert_threshold = -1);

create table campaign_locale_counts (
    run_id uuid not null,
    locale text not null,
    metric text not null,
    count  bigint not null,
    primary key (run_id, locale, metric)
) with (fillfactor = 70);

create view campaign_locale_books as
    select run_id, locale, metric, count from campaign_locale_counts
    union all
    select run_id, locale, metric, count from campaign_locale_deltas;

-- Triggers of their own. Most statements are of no campaign: those pay for one look.
create function count_new_messages_by_locale() returns trigger language plpgsql as $$
begin
    if exists (select from come where campaign_run_id is not null) then
        insert into campaign_locale_deltas (run_id, locale, metric, count)
        select campaign_run_id, coalesce(locale, ''), m.metric, sum(m.count)
        from come
        cross join lateral (values ('accepted', 1), (status, 1), ('taken', case when sent_at is null then 0 else 1 end)) as m(metric, count)
        where campaign_run_id is not null
        group by 1, 2, 3
        having sum(m.count) <> 0;
    end if;
    return null;
end $$;
create trigger messages_counted_by_locale_in after insert on messages
    referencing new table as come for each statement execute function count_new_messages_by_locale();

create function count_moved_messages_by_locale() returns trigger language plpgsql as $$
begin
    if exists (select from come where campaign_run_id is not null) then
        insert into campaign_locale_deltas (run_id, locale, metric, count)
        select campaign_run_id, coalesce(locale, ''), m.metric, sum(m.count)
        from (
            select campaign_run_id, locale, status, 1 as change, case when sent_at is null then 0 else 1 end as sent from come
            union all
            select campaign_run_id, locale, status, -1, case when sent_at is null then 0 else -1 end from gone
        ) as moved
        cross join lateral (values (status, change), ('taken', sent)) as m(metric, count)
        where campaign_run_id is not null
        group by 1, 2, 3
        having sum(m.count) <> 0;
    end if;
    return null;
end $$;
create trigger messages_counted_by_locale_on after update on messages
    referencing old table as gone new table as come for each statement execute function count_moved_messages_by_locale();

-- Whose message it was says its language. As with every other figure, what has no client is of no statistic.
create function count_engaged_by_locale_in() returns trigger language plpgsql as $$
begin
    if exists (select from come where campaign_run_id is not null) then
        insert into campaign_locale_deltas (run_id, locale, metric, count)
        select c.campaign_run_id, coalesce(m.locale, ''), engagement_metric(c.kind, c.by_whom), count(*)
        from come c
        join messages m on m.id = c.message_id
        where c.campaign_run_id is not null and c.client_id is not null
        group by 1, 2, 3;
    end if;
    return null;
end $$;
create trigger engaged_counted_by_locale_in after insert on engaged
    referencing new table as come for each statement execute function count_engaged_by_locale_in();

create function count_engaged_by_locale_on() returns trigger language plpgsql as $$
begin
    if exists (select from come where campaign_run_id is not null) then
        insert into campaign_locale_deltas (run_id, locale, metric, count)
        select e.campaign_run_id, coalesce(m.locale, ''), engagement_metric(e.kind, e.by_whom), sum(e.change)
        from (select *, 1 as change from come union all select *, -1 from gone) as e
        join messages m on m.id = e.message_id
        where e.campaign_run_id is not null and e.client_id is not null
        group by 1, 2, 3
        having sum(e.change) <> 0;
    end if;
    return null;
end $$;
create trigger engaged_counted_by_locale_on after update on engaged
    referencing old table as gone new table as come for each statement execute function count_engaged_by_locale_on();
