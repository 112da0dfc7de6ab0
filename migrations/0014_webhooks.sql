-- Outbound webhooks: what happens here is told to the systems of those who asked for it.

-- Where to. A row that was deleted stays until what was to be told there is gone, without its address and its secrets.
create table webhook_endpoints (
    id              uuid primary key,
    client_id       uuid not null references clients,
    sandbox         boolean not null,                    -- made with a test key: hears of sandbox messages, and of nothing else
    url             text not null,
    event_types     text[] not null,
    description     text,
    enabled         boolean not null default true,
    secret          bytea not null,                      -- nonce (12), tag (16), AES-256-GCM of the bytes behind whsec_
    secret_key      text not null,                       -- the name of the key, which is not in the database
    former_secret   bytea,                               -- signs too, until then
    former_key      text,
    former_until    timestamptz,
    failing_since   timestamptz,                         -- the first failure since the last success
    disabled_reason text check (disabled_reason in ('gone', 'failing')), -- why the server stopped it; null: it did not
    disabled_at     timestamptz,
    deleted_at      timestamptz,
    version         integer not null default 1,
    created_by      text not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    constraint webhook_endpoints_former_is_whole check (num_nulls(former_secret, former_key, former_until) in (0, 3)),
    constraint webhook_endpoints_stopped_are_off check (disabled_reason is null or not enabled),
    constraint webhook_endpoints_deleted_are_off check (deleted_at is null or not enabled)
) with (fillfactor = 70);
create index webhook_endpoints_by_client on webhook_endpoints (client_id, id);

-- Who wants to hear of what, kept by the trigger below. Empty where nobody does, and then asking costs next to nothing: every statement
-- that writes messages asks.
create table webhook_wants (
    type        text not null,
    client_id   uuid not null,
    sandbox     boolean not null,
    endpoint_id uuid not null,
    primary key (type, client_id, sandbox, endpoint_id)
);

create function keep_webhook_wants() returns trigger language plpgsql as $$
begin
    delete from webhook_wants where endpoint_id = new.id;
    insert into webhook_wants (type, client_id, sandbox, endpoint_id)
    select distinct type, new.client_id, new.sandbox, new.id from unnest(new.event_types) as t(type) where new.enabled;
    return null;
end $$;
create trigger webhook_endpoints_come after insert on webhook_endpoints
    for each row execute function keep_webhook_wants();
create trigger webhook_endpoints_change after update on webhook_endpoints
    for each row when (old.enabled <> new.enabled or old.event_types <> new.event_types) execute function keep_webhook_wants();

-- What is to be told to whom: one row an event and endpoint, written by the statement that made it happen. Its ids are UUIDv7, so that
-- the key is the order in time, and what is old is a stretch of it. No foreign key: it would lock the endpoint's row each time.
create table webhook_deliveries (
    endpoint_id uuid not null,
    event_id    uuid not null,                           -- the webhook-id; the same for each endpoint that hears of it
    type        text not null,
    at          timestamptz not null,
    user_id     text,                                    -- whom it is about: to be found when that person is to be forgotten
    data        json not null,                           -- said as it stands, on every try
    status      text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    attempts    integer not null default 0,
    http_status integer,                                 -- of the last answer
    error       text,                                    -- of the last try; null: 2xx
    finished_at timestamptz,
    primary key (endpoint_id, event_id)
) with (fillfactor = 85, autovacuum_vacuum_insert_scale_factor = 0.1);
create index webhook_deliveries_by_user on webhook_deliveries (user_id) where user_id is not null;

-- What is live, as jobs are of messages: narrow, deleted when it was delivered. What was given up stays, until somebody sends it again.
create table webhook_jobs (
    endpoint_id uuid not null,
    event_id    uuid not null,
    state       smallint not null default 0,             -- 0 waits, 1 leased, 2 given up
    run_at      timestamptz not null default now(),
    attempt     integer not null default 0,              -- the fence: only rises, every finishing write names it
    tries       integer not null default 0,              -- where it is in the schedule; begins anew when somebody sends it again
    leased_by   text,
    lease_until timestamptz,
    primary key (endpoint_id, event_id),
    constraint webhook_jobs_are_due_some_day check (isfinite(run_at)),
    constraint webhook_jobs_have_a_lease_iff_leased check ((state = 1) = (lease_until is not null and leased_by is not null))
) with (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create index webhook_jobs_ready on webhook_jobs (endpoint_id, run_at, event_id) where state = 0;
create index webhook_jobs_leased on webhook_jobs (endpoint_id, lease_until) where state = 1;

-- What was tried, and what was answered.
create table webhook_attempts (
    endpoint_id uuid not null,
    event_id    uuid not null,
    attempt     integer not null,
    http_status integer,
    error       text,                                    -- null: 2xx
    answer      text,                                    -- the beginning of the body
    started_at  timestamptz not null,
    finished_at timestamptz not null,
    node        text not null,
    primary key (endpoint_id, event_id, attempt)
);

-- What happened ------------------------------------------------------------------------------------------------------
-- An event is written by the statement that makes it happen: there is neither without the other, whoever dies when, and no cursor to
-- keep. All triggers ask first whether anybody wants to hear of it. The ids of events: this millisecond, then 74 random bits.

create function webhook_event_prefix() returns text
    language sql volatile
    as $$ select overlay(left(uuid_from(clock_timestamp())::text, 15) placing '7' from 15) $$;

create function webhook_message(id uuid, notification_id uuid, user_id text, device_id text, channel text, status text, reason text, provider text,
    provider_message_id text, error_code text, attempts integer, sandbox boolean) returns json
    language sql stable parallel safe
    as $$
        select json_build_object('message_id', 'msg_' || replace(id::text, '-', ''), 'notification_id', 'ntf_' || replace(notification_id::text, '-', ''),
            'user_id', user_id, 'device_id', device_id, 'channel', channel, 'status', status, 'reason', reason, 'provider', provider,
            'provider_message_id', provider_message_id, 'error_code', error_code, 'attempts', attempts, 'sandbox', sandbox)
    $$;

-- Accepted, and suppressed at once. All messages of a notification come in one statement; should one come later, the id of the event
-- is the notification's, and it is told once.
create function tell_of_new_messages() returns trigger language plpgsql as $$
declare
    prefix text;
begin
    if not exists (select from webhook_wants where type in ('notification.accepted', 'message.suppressed')) then
        return null;
    end if;
    prefix := webhook_event_prefix();
    with event as materialized (
        select n.id as event_id, 'notification.accepted' as type, n.client_id, c.sandbox, null as user_id,
            json_build_object('notification_id', 'ntf_' || replace(n.id::text, '-', ''), 'event_id', n.event_id, 'category', n.category,
                'template', n.template, 'template_version', n.template_version, 'send_at', n.send_at, 'expires_at', n.expires_at,
                'recipients', n.recipients, 'messages', c.messages, 'suppressed', c.suppressed, 'sandbox', c.sandbox) as data
        from (
            select notification_id, min(client_id::text)::uuid as client_id, bool_or(sandbox) as sandbox, count(*) as messages,
                count(*) filter (where status = 'suppressed') as suppressed
            from come
            group by notification_id
        ) c
        join notifications n on n.id = c.notification_id
        where exists (select from webhook_wants w where w.type = 'notification.accepted' and w.client_id = c.client_id and w.sandbox = c.sandbox)
        union all
        select (prefix || substr(gen_random_uuid()::text, 16))::uuid, 'message.suppressed', m.client_id, m.sandbox, m.user_id,
            webhook_message(m.id, m.notification_id, m.user_id, m.device_id, m.channel, m.status, m.reason, m.provider, m.provider_message_id,
                m.error_code, m.attempts, m.sandbox)
        from come m
        where m.status = 'suppressed'
            and exists (select from webhook_wants w where w.type = 'message.suppressed' and w.client_id = m.client_id and w.sandbox = m.sandbox)
    ), said as (
        insert into webhook_deliveries (endpoint_id, event_id, type, at, user_id, data)
        select w.endpoint_id, e.event_id, e.type, now(), e.user_id, e.data
        from event e
        join webhook_wants w on w.type = e.type and w.client_id = e.client_id and w.sandbox = e.sandbox
        on conflict (endpoint_id, event_id) do nothing
        returning endpoint_id, event_id
    )
    insert into webhook_jobs (endpoint_id, event_id) select endpoint_id, event_id from said;
    return null;
end $$;
create trigger messages_told_of after insert on messages
    referencing new table as come for each statement execute function tell_of_new_messages();

create function tell_of_moved_messages() returns trigger language plpgsql as $$
declare
    prefix text;
begin
    if not exists (select from webhook_wants where type in
        ('message.sent', 'message.delivered', 'message.failed', 'message.bounced', 'message.suppressed', 'message.expired')) then
        return null;
    end if;
    prefix := webhook_event_prefix();
    with event as materialized (
        select (prefix || substr(gen_random_uuid()::text, 16))::uuid as event_id, 'message.' || m.status as type, m.client_id, m.sandbox, m.user_id,
            webhook_message(m.id, m.notification_id, m.user_id, m.device_id, m.channel, m.status, m.reason, m.provider, m.provider_message_id,
                m.error_code, m.attempts, m.sandbox) as data
        from come m
        join gone g on g.id = m.id
        where m.status <> g.status
            and exists (select from webhook_wants w where w.type = 'message.' || m.status and w.client_id = m.client_id and w.sandbox = m.sandbox)
    ), said as (
        insert into webhook_deliveries (endpoint_id, event_id, type, at, user_id, data)
        select w.endpoint_id, e.event_id, e.type, now(), e.user_id, e.data
        from event e
        join webhook_wants w on w.type = e.type and w.client_id = e.client_id and w.sandbox = e.sandbox
        returning endpoint_id, event_id
    )
    insert into webhook_jobs (endpoint_id, event_id) select endpoint_id, event_id from said;
    return null;
end $$;
create trigger messages_told_of_moves after update on messages
    referencing old table as gone new table as come for each statement execute function tell_of_moved_messages();

-- One event, to the endpoints of one client, or of all where client is null.
create function tell_webhooks(event_type text, client uuid, of_sandbox boolean, person text, said json) returns void
    language plpgsql as $$
declare
    event constant uuid := (webhook_event_prefix() || substr(gen_random_uuid()::text, 16))::uuid;
begin
    with told as (
        insert into webhook_deliveries (endpoint_id, event_id, type, at, user_id, data)
        select endpoint_id, event, event_type, now(), person, said
        from webhook_wants
        where type = event_type and (client is null or client_id = client) and sandbox = of_sandbox
        returning endpoint_id
    )
    insert into webhook_jobs (endpoint_id, event_id) select endpoint_id, event from told;
end $$;

-- Users are everybody's: what they wish is told to every client that asked for it.
create function tell_of_consents() returns trigger language plpgsql as $$
begin
    if exists (select from webhook_wants where type = 'preference.updated') then
        perform tell_webhooks('preference.updated', null, false, new.user_id, json_build_object(
            'user_id', new.user_id, 'channel', new.channel, 'category', nullif(new.category, ''), 'opt_in', new.opt_in, 'source', new.source,
            'consent_id', 'con_' || replace(new.id::text, '-', ''), 'occurred_at', new.occurred_at));
    end if;
    return null;
end $$;
create trigger consents_told_of after insert on consents
    for each row when (new.user_id is not null) execute function tell_of_consents();

create function tell_of_retired_devices() returns trigger language plpgsql as $$
begin
    if exists (select from webhook_wants where type = 'device.retired') then
        perform tell_webhooks('device.retired', null, false, new.user_id, json_build_object(
            'user_id', new.user_id, 'device_id', new.id, 'platform', new.platform, 'push_provider', new.push_provider, 'app_id', new.app_id,
            'reason', new.retired_reason, 'retired_at', new.retired_at));
    end if;
    return null;
end $$;
create trigger devices_told_of after update on devices
    for each row when (old.retired_at is null and new.retired_at is not null) execute function tell_of_retired_devices();

create function tell_of_gates() returns trigger language plpgsql as $$
declare
    told constant text := case new.breaker when 'closed' then 'provider.closed' else 'provider.opened' end;
begin
    if exists (select from webhook_wants where type = told) then
        perform tell_webhooks(told, null, false, null, json_build_object(
            'provider', new.account, 'state', new.breaker, 'reason', new.reason, 'open_until', new.open_until));
    end if;
    return null;
end $$;
create trigger provider_gates_told_of_new after insert on provider_gates
    for each row when (new.breaker <> 'closed') execute function tell_of_gates();
create trigger provider_gates_told_of after update on provider_gates
    for each row when ((old.breaker = 'closed') <> (new.breaker = 'closed')) execute function tell_of_gates();

create function tell_of_alerts() returns trigger language plpgsql as $$
begin
    if exists (select from webhook_wants where type = 'queue.alert') then
        perform tell_webhooks('queue.alert', null, false, null, json_build_object(
            'alert_id', new.id, 'kind', new.kind, 'key', new.key, 'state', case when new.cleared_at is null then 'raised' else 'cleared' end,
            'first_seen', new.first_seen, 'cleared_at', new.cleared_at, 'detail', new.detail));
    end if;
    return null;
end $$;
create trigger alerts_told_of_new after insert on alerts
    for each row when (new.cleared_at is null) execute function tell_of_alerts();
create trigger alerts_told_of after update on alerts
    for each row when (old.cleared_at is null and new.cleared_at is not null) execute function tell_of_alerts();

-- What people do, from whatever source it is known: once a message and kind, and once more when it turns out to have been a person
-- after all. The link is the last that was followed.
create function tell_of_engagement() returns trigger language plpgsql as $$
declare
    told constant text := 'message.' || new.kind;
    m messages;
    link text;
begin
    if not exists (select from webhook_wants where type = told) then
        return null;
    end if;
    select * into m from messages where id = new.message_id;
    if found then
        select url into link from engagements where message_id = new.message_id and kind = new.kind and url <> '' order by last_at desc limit 1;
        perform tell_webhooks(told, m.client_id, m.sandbox, m.user_id, json_build_object(
            'message_id', 'msg_' || replace(m.id::text, '-', ''), 'notification_id', 'ntf_' || replace(m.notification_id::text, '-', ''),
            'user_id', m.user_id, 'device_id', m.device_id, 'channel', m.channel, 'provider', m.provider, 'by', new.by_whom,
            'url', link, 'occurred_at', new.at, 'sandbox', m.sandbox));
    end if;
    return null;
end $$;
create trigger engaged_told_of_new after insert on engaged
    for each row when (new.kind in ('opened', 'clicked', 'complained')) execute function tell_of_engagement();
create trigger engaged_told_of after update on engaged
    for each row when (new.kind in ('opened', 'clicked', 'complained') and old.by_whom <> new.by_whom) execute function tell_of_engagement();

-- Takes a person out of what was told or is still to be: an event that is sent again afterwards names nobody.
create function erase_webhooks(person text) returns void
    language plpgsql as $$
begin
    update webhook_attempts a
    set answer = null
    from webhook_deliveries d
    where d.user_id = person and a.endpoint_id = d.endpoint_id and a.event_id = d.event_id;

    update webhook_deliveries
    set user_id = null, data = (
        select json_object_agg(key, case when key in ('user_id', 'device_id', 'provider_message_id', 'reason', 'url') then null else value end)
        from json_each(data))
    where user_id = person;
end $$;
