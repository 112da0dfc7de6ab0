-- What a person wants, said more exactly: quiet hours, what a category may do, how often somebody is told; and people by the file.

-- From and to are a wall clock's, in this zone; without a zone of its own in the user's, else in that of the device heard of last.
alter table users
    add column quiet_from time,
    add column quiet_to   time,
    add column quiet_zone text,
    add constraint users_quiet_hours_have_two_ends check (
        (quiet_from is null) = (quiet_to is null) and quiet_from <> quiet_to and (quiet_zone is null or quiet_from is not null));

alter table categories
    add column description    text not null default '',
    add column channels       text[],                    -- channels that it may use, or families of them; null: all
    add column default_opt_in boolean not null default true, -- what counts until a person says something about this category
    add column quiet_hours    text not null default 'defer' check (quiet_hours in ('ignore', 'defer', 'expire')),
    add column limit_count    integer check (limit_count between 1 and 1000),
    add column limit_per      interval check (limit_per between interval '1 second' and interval '366 days'),
    add column limit_policy   text check (limit_policy in ('defer', 'drop', 'merge')),
    add constraint categories_limit_is_whole check (num_nulls(limit_count, limit_per, limit_policy) in (0, 3));
update categories set quiet_hours = 'ignore' where class = 'critical';

-- The same physical installation: when it registers again under another id, that one takes the place of this.
create index devices_by_install on devices (install_id) where install_id is not null;

-- How often a person is told: a bucket for a person, a channel family and a category, filled at the category's pace. It is in the
-- database, so that it holds across nodes and lanes, and its row is locked while it is asked.
create table contact_buckets (
    user_id   text not null references users on delete cascade,
    channel   text not null check (channel in ('push', 'sms', 'email')),
    category  text not null references categories on delete cascade,
    tokens    double precision not null,                 -- below zero: promised ahead
    filled_at timestamptz not null,
    recent    uuid[] not null default '{}',              -- the last notifications that were given a token ...
    due       timestamptz[] not null default '{}',       -- ... and from when on: a retry, or a second device, asks for no other
    newest    uuid,                                      -- merge: the notification that stands for all that wait
    primary key (user_id, channel, category)
) with (fillfactor = 50);

-- Asks for a token for each of these messages, in the order in which they were asked for: 'go', 'wait' until `at`, 'drop', or 'merged'.
-- Of one notification every message to the same person and family shares a token. Categories without a limit are not answered.
-- The keys are locked in one order, so that two nodes wait for each other one way round.
create function take_contact_tokens(users text[], channels text[], categories text[], notifications uuid[], expiries timestamptz[])
    returns table (place integer, verdict text, at timestamptz)
    -- All of it goes by primary keys: planned once a connection instead of once a row, which a session of ours would ask for.
    language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    most_promised constant integer := 32;                -- more than that wait without a promise, and ask again
    ask record;
    b contact_buckets;
    known integer;
    pace double precision;                               -- tokens a second
begin
    for ask in
        select a.place::integer, a.user_id, a.channel, a.category, a.notification, a.expires_at, c.limit_count, c.limit_policy,
            c.limit_count / extract(epoch from c.limit_per)::double precision as pace
        from unnest(users, channels, categories, notifications, expiries)
            with ordinality as a(user_id, channel, category, notification, expires_at, place)
        join categories c on c.key = a.category and c.limit_count is not null
        -- The oldest first; where they are merged the newest, which the others are merged into.
        order by a.user_id, a.channel, a.category, case when c.limit_policy = 'merge' then null else a.notification end, a.notification desc
    loop
        if b.user_id is null or (b.user_id, b.channel, b.category) <> (ask.user_id, ask.channel, ask.category) then
            if b.user_id is not null then
                update contact_buckets k set tokens = b.tokens, filled_at = b.filled_at, recent = b.recent, due = b.due, newest = b.newest
                where k.user_id = b.user_id and k.channel = b.channel and k.category = b.category;
            end if;
            select * into b from contact_buckets k where k.user_id = ask.user_id and k.channel = ask.channel and k.category = ask.category for update;
            if not found then
                insert into contact_buckets as k (user_id, channel, category, tokens, filled_at)
                select u.id, ask.channel, ask.category, ask.limit_count, now() from users u where u.id = ask.user_id
                on conflict do nothing;
                select * into b from contact_buckets k where k.user_id = ask.user_id and k.channel = ask.channel and k.category = ask.category for update;
                continue when not found;                 -- the user was forgotten meanwhile
            end if;
            pace := ask.pace;
            b.tokens := least(ask.limit_count, b.tokens + greatest(0, extract(epoch from now() - b.filled_at)) * pace);
            b.filled_at := greatest(b.filled_at, now());
        end if;

        place := ask.place;
        at := null;
        known := array_position(b.recent, ask.notification);
        -- Whoever others were merged into may have been cancelled since: then nobody stands for them any more.
        if ask.limit_policy = 'merge' and known is null and ask.notification < b.newest and not b.newest = any(b.recent)
            and not is_waiting(b.newest, ask.user_id) then
            b.newest := null;
        end if;

        if known is not null then
            at := b.due[known];
            verdict := case when at > now() then 'wait' else 'go' end;
        elsif ask.limit_policy = 'merge' and ask.notification < b.newest and (b.tokens < 1 or not b.newest = any(b.recent)) then
            verdict := 'merged';
        elsif b.tokens >= 1 then
            verdict := 'go';
            b.tokens := b.tokens - 1;
            b.newest := greatest(b.newest, ask.notification);
            b.recent := b.recent || ask.notification;
            b.due := b.due || now();
        else
            at := now() + make_interval(secs => (1 - b.tokens) / pace);
            if ask.limit_policy = 'drop' or at >= ask.expires_at then
                verdict := 'drop';
            elsif ask.limit_policy = 'merge' then
                verdict := 'wait';
                b.newest := ask.notification;
            else
                verdict := 'wait';
                if (select count(*) from unnest(b.due) d where d > now()) < most_promised then
                    b.tokens := b.tokens - 1;
                    b.recent := b.recent || ask.notification;
                    b.due := b.due || at;
                end if;
            end if;
        end if;
        if cardinality(b.recent) > 2 * most_promised then
            b.recent := b.recent[2:];
            b.due := b.due[2:];
        end if;
        return next;
    end loop;
    update contact_buckets k set tokens = b.tokens, filled_at = b.filled_at, recent = b.recent, due = b.due, newest = b.newest
    where k.user_id = b.user_id and k.channel = b.channel and k.category = b.category;
end $$;

-- A notification and its messages were given their ids in one millisecond: that names the partition.
create function is_waiting(notification uuid, to_user text) returns boolean
    language sql stable as $$
        select exists (
            select from messages m
            join jobs j on j.channel = m.channel and j.id = m.id
            where m.notification_id = notification and m.user_id = to_user
                and m.id between (left(notification::text, 14) || '0000-0000-000000000000')::uuid
                    and (left(notification::text, 14) || 'ffff-ffff-ffffffffffff')::uuid)
    $$;

-- People by the file: read and judged row by row as it arrives, kept here whole, and only then stored in steps. A step is one transaction
-- that holds the import's row: the row lock is the lease, which a dead node loses at once, and the step and `reached` are written together.
create table imports (
    id           uuid primary key,
    client_id    uuid not null,
    status       text not null check (status in ('receiving', 'running', 'completed', 'failed', 'cancelled')),
    dry_run      boolean not null,
    skip_invalid boolean not null,                       -- false: all rows or none
    rows_read    integer not null default 0,
    rows_bad     integer not null default 0,
    problems     integer not null default 0,
    done         integer not null default 0,
    reached      text not null default '',               -- the last user it dealt with
    requested_by text not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    finished_at  timestamptz,
    cleared      boolean not null default false          -- its rows are gone
);
create index imports_open on imports (updated_at) where not cleared;

create table import_rows (
    import_id uuid not null references imports on delete cascade,
    user_id   text not null,
    row       integer not null,
    data      jsonb not null,
    primary key (import_id, user_id)
) with (autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_scale_factor = 0.1);

create table import_problems (
    import_id uuid not null references imports on delete cascade,
    row       integer not null,
    place     integer not null,
    field     text not null,
    code      text not null,
    message   text not null,
    primary key (import_id, row, place)
);

-- The devices that people by the file or the batch bring along. A device, a token and an installation each have one place: of several in
-- one call the last one counts.
create function devices_in(ids text[], rows jsonb[])
    returns table (user_id text, id text, platform text, push_provider text, token text, app_id text, app_version text, locale text,
        time_zone text, install_id text)
    language sql stable as $$
        select user_id, id, platform, push_provider, token, app_id, app_version, locale, time_zone, install_id
        from (
            select g.user_id, d.*,
                row_number() over (partition by g.user_id, d.id order by g.place desc, d.place desc) as of_device,
                row_number() over (partition by d.push_provider, d.token order by g.place desc, d.place desc) as of_token,
                row_number() over (partition by coalesce(d.app_id, ''), d.install_id order by g.place desc, d.place desc) as of_install
            from unnest(ids, rows) with ordinality as g(user_id, data, place)
            cross join lateral rows from (jsonb_to_recordset(g.data -> 'devices') as (
                id text, platform text, push_provider text, token text, app_id text, app_version text, locale text, time_zone text,
                install_id text)) with ordinality
                as d(id, platform, push_provider, token, app_id, app_version, locale, time_zone, install_id, place)
        ) as said
        where of_device = 1 and of_token = 1 and (of_install = 1 or install_id is null)
    $$;
