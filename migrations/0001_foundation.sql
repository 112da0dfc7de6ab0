-- The walk of one notification: asked (notifications), said (messages), live (jobs), tried (attempts).
--
-- Ids are UUIDv7 made by the application. Their first 48 bits are the time, so the three logs are partitioned by *id*:
-- a day is a range of ids, a look-up by id touches one partition, and the primary key needs no second column.

create function uuid_from(at timestamptz) returns uuid
    language sql immutable strict parallel safe
    as $$ select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;
comment on function uuid_from is 'The smallest UUIDv7 of an instant: the bound of a partition, or of a search by time.';

-- Who may ask ------------------------------------------------------------------------------------------------------

create table clients (
    id         uuid primary key,
    name       text not null unique check (length(name) between 1 and 100),
    created_at timestamptz not null default now()
);

create table api_keys (
    id           text primary key,                       -- the public middle part of nsk_live_<id>_<secret>
    client_id    uuid not null references clients,
    name         text not null,
    digest       bytea not null,                         -- HMAC-SHA-256 of the secret; the pepper is not in this database
    scopes       text[] not null,
    sandbox      boolean not null default false,         -- nsk_test_: its messages go to the inbox, never to a provider
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
create index api_keys_by_client on api_keys (client_id);

-- Whom we may reach, and where -------------------------------------------------------------------------------------

create table users (
    id         text primary key check (length(id) between 1 and 128),
    email      text,
    phone      text,
    locale     text,
    time_zone  text,
    country    text,
    attributes jsonb not null default '{}',
    tags       text[] not null default '{}',
    version    integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table devices (
    user_id        text not null references users on delete cascade,
    id             text not null check (length(id) between 1 and 128),
    platform       text not null check (platform in ('ios', 'android', 'web', 'windows', 'macos')),
    push_provider  text not null check (push_provider in ('apns', 'fcm', 'jpush', 'pushy', 'webpush')),
    token          text not null,
    app_id         text,
    app_version    text,
    locale         text,
    time_zone      text,
    install_id     text,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    retired_at     timestamptz,                          -- the provider said that the token is dead
    retired_reason text,
    primary key (user_id, id)
);
-- One token is one installation: when it turns up at another user, it has moved there.
create unique index devices_by_token on devices (push_provider, md5(token));

-- channel is a family (push, sms, email) or one channel (ios_push ...); the more exact row wins.
-- category '' speaks for every category.
create table preferences (
    user_id     text not null references users on delete cascade,
    channel     text not null,
    category    text not null default '',
    opt_in      boolean not null,
    source      text not null,
    occurred_at timestamptz not null default now(),
    primary key (user_id, channel, category)
);

-- No foreign key: a person may be blocked before we know anything else of them, and stays blocked when forgotten.
create table blocks (
    user_id    text primary key,
    reason     text not null,
    until      timestamptz check (isfinite(until)),
    created_by text not null,
    created_at timestamptz not null default now()
);

create table suppressions (
    channel    text not null,                            -- as in preferences
    address    text not null,
    reason     text not null check (reason in ('hard_bounce', 'complaint', 'manual', 'invalid_token', 'unsubscribed')),
    created_at timestamptz not null default now(),
    expires_at timestamptz check (isfinite(expires_at)),
    primary key (address, channel)
);

create table categories (
    key           text primary key,
    name          text not null,
    class         text not null check (class in ('critical', 'transactional', 'marketing')),
    expires_after interval
);
insert into categories (key, name, class, expires_after) values
    ('security', 'Sign-in codes and security notices', 'critical',      interval '15 minutes'),
    ('account',  'Account',                            'transactional', null),
    ('orders',   'Orders and deliveries',              'transactional', null),
    ('offers',   'Offers and news',                    'marketing',     null);

-- What we say ------------------------------------------------------------------------------------------------------

create table templates (
    key        text primary key check (key ~ '^[a-z0-9][a-z0-9_-]{0,99}$'),
    name       text not null,
    category   text references categories,
    published  integer,                                  -- the version that new notifications use
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table template_versions (
    template   text not null references templates on delete cascade,
    version    integer not null,
    parts      jsonb not null,                           -- {"push":{"title","body","data"},"sms":{"body"},"email":{"subject","html","text"}}
    created_at timestamptz not null default now(),
    created_by text not null,
    primary key (template, version)
);

-- What was asked ---------------------------------------------------------------------------------------------------

create table notifications (
    id               uuid not null primary key,
    client_id        uuid not null,
    event_id         text,
    category         text,
    template         text,
    template_version integer,
    payload          json not null,                      -- content, data, overrides, metadata as asked; never searched
    send_at          timestamptz check (isfinite(send_at)),
    expires_at       timestamptz check (isfinite(expires_at)),
    accepted_at      timestamptz not null,
    recipients       integer not null
) partition by range (id);

-- Not partitioned by time: a unique key would then have to contain the time, and one event id could come once a month.
create table event_dedup (
    client_id       uuid not null,
    event_id        text not null,
    request_hash    bytea not null,
    notification_id uuid not null,
    accepted_at     timestamptz not null default now(),
    primary key (client_id, event_id)
);
create index event_dedup_by_age on event_dedup using brin (accepted_at);

create table idempotency_keys (
    client_id    uuid not null,
    key          text not null,
    request_hash bytea not null,
    notification_id uuid not null,
    status       smallint not null,
    response     text not null,
    created_at   timestamptz not null default now(),
    primary key (client_id, key)
);
create index idempotency_keys_by_age on idempotency_keys using brin (created_at);

-- What is said: one send to one address on one channel -------------------------------------------------------------

create table messages (
    id                  uuid not null primary key,
    notification_id     uuid not null,
    client_id           uuid not null,
    user_id             text,
    device_id           text,
    channel             text not null,                   -- 'push' only where a person has no device at all
    lane                smallint not null,
    address             text,                            -- null only where there was none to send to
    push_provider       text,
    app_id              text,
    locale              text,
    sandbox             boolean not null default false,
    status              text not null,
    reason              text,
    attempts            integer not null default 0,
    provider            text,
    provider_message_id text,
    error_code          text,
    error_detail        text,
    created_at          timestamptz not null,
    send_at             timestamptz,
    expires_at          timestamptz,
    sent_at             timestamptz,
    updated_at          timestamptz not null,
    constraint messages_channel check (channel in ('ios_push', 'android_push', 'web_push', 'sms', 'email')
        or (channel = 'push' and status = 'suppressed')),
    constraint messages_status check (status in
        ('queued', 'sent', 'delivered', 'bounced', 'failed', 'suppressed', 'expired', 'cancelled')),
    constraint messages_say_why check (reason is not null or status not in ('failed', 'suppressed', 'bounced')),
    constraint messages_have_an_address check (address is not null or status = 'suppressed')
) partition by range (id);
-- No index names a column that a send changes (status, provider ...), so that the update after a send stays within its
-- page (heap-only tuple) and touches no index.
create index messages_by_notification on messages (notification_id);
create index messages_by_user on messages (user_id, id) where user_id is not null;

-- What was tried ---------------------------------------------------------------------------------------------------

create table attempts (
    message_id          uuid not null,
    attempt             integer not null,
    channel             text not null,
    provider            text,
    outcome             text not null check (outcome in
        ('accepted', 'not_sent', 'throttled', 'transient', 'permanent', 'address_dead', 'misconfigured', 'unknown')),
    provider_message_id text,
    error_code          text,
    detail              text,
    started_at          timestamptz not null,
    finished_at         timestamptz not null,
    node                text not null,
    primary key (message_id, attempt)
) partition by range (message_id);

-- What is live: narrow, one row a message that still has to be sent, deleted when it ended --------------------------

create table jobs (
    channel     text not null,
    id          uuid not null,                           -- the message's
    kind        smallint not null default 1,             -- 1 send; a node leaves kinds that it does not know alone
    lane        smallint not null,                       -- 0 critical, 1 transactional, 2 bulk
    state       smallint not null default 0,             -- 0 ready, 1 leased
    run_at      timestamptz not null,
    expires_at  timestamptz,
    attempt     integer not null default 0,              -- the fence: only rises, every finishing write names it
    failures    integer not null default 0,              -- counted failures; what the retry delay grows with
    unknowns    smallint not null default 0,             -- attempts whose outcome nobody knows
    crashes     smallint not null default 0,             -- times that its node died or froze while it was leased
    first_failed_at timestamptz,
    leased_by   text,
    leased_at   timestamptz,
    lease_until timestamptz,
    primary key (channel, id),
    -- A job due at "infinity" would be a silently lost notification.
    constraint jobs_are_due_some_day check (isfinite(run_at)),
    constraint jobs_have_a_lease_iff_leased check ((state = 1) = (lease_until is not null and leased_by is not null))
) partition by list (channel);

create table jobs_ios_push     partition of jobs for values in ('ios_push')
    with (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create table jobs_android_push partition of jobs for values in ('android_push')
    with (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create table jobs_web_push     partition of jobs for values in ('web_push')
    with (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create table jobs_sms          partition of jobs for values in ('sms')
    with (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create table jobs_email        partition of jobs for values in ('email')
    with (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

create index jobs_ready on jobs (lane, run_at, id) where state = 0;
create index jobs_leased on jobs (lease_until) where state = 1;
create index jobs_expiring on jobs (expires_at) where state = 0 and expires_at is not null;

-- What people are shown: while a message is live, its job knows more than its row (the row is written once at intake and
-- once at the end, so that a send costs one small update and no index entry).
create view message_states as
    select m.*,
        case
            when m.status <> 'queued' or j.id is null then m.status
            when j.state = 1 then 'sending'
            when j.run_at > now() and j.attempt = 0 then 'scheduled'
            else 'queued'
        end as delivery_status,
        case when j.state = 0 then j.run_at end as next_attempt_at,
        j.leased_at
    from messages m
    left join jobs j on j.channel = m.channel and j.id = m.id;

-- The development inbox: what people would have seen ---------------------------------------------------------------

create table inbox (
    id          uuid primary key,
    message_id  uuid not null,
    channel     text not null,
    address     text not null,
    title       text,
    subject     text,
    text        text,
    html        text,
    payload     json,
    received_at timestamptz not null default now()
);

-- Daily partitions of the three logs, made ahead. Whatever falls outside (a node's clock far off) lands in the default
-- partition and is still found by id.
create table notifications_default partition of notifications default;
create table messages_default      partition of messages default with (fillfactor = 85);
create table attempts_default      partition of attempts default;

create function create_log_partitions(from_day date, days integer) returns integer
    language plpgsql as $$
declare
    log text;
    day date;
    made integer := 0;
begin
    foreach log in array array['notifications', 'messages', 'attempts'] loop
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
