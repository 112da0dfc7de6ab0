-- What people said yes and no to: who said it, when, where, and in answer to which words; what must not be written to; and
-- how a person is forgotten.

-- A UUIDv7 of this instant, for rows that the database makes itself.
create function uuid_now() returns uuid
    language sql volatile parallel safe
    as $$
        select encode(set_byte(id, 6, (get_byte(id, 6) & 15) | 112), 'hex')::uuid
        from (select substring(uuid_send(uuid_from(clock_timestamp())) for 6) || substring(uuid_send(gen_random_uuid()) from 7)) as made(id)
    $$;

-- The next id after one that may be of this very instant: a millisecond later.
create function uuid_after(id uuid) returns uuid
    language sql immutable strict parallel safe
    as $$
        select (lpad(to_hex(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint + 1), 12, '0')
            || right(replace(id::text, '-', ''), 20))::uuid
    $$;

-- Only ever appended to. A person is a user of ours, or the keyed hash of an address that belongs to nobody we know.
-- Each row carries the hash of the one before it: a row that was changed or taken away behind our back is found.
create table consents (
    id            uuid primary key default uuid_now(),
    user_id       text,
    address_hash  text,
    channel       text not null,                         -- as in preferences
    category      text not null,
    opt_in        boolean not null,
    source        text not null,
    actor         text,                                  -- null: whoever source says
    text_version  text,                                  -- which words they were shown
    ip            inet,
    occurred_at   timestamptz not null,                  -- when it was said
    recorded_at   timestamptz not null default now(),
    previous_hash bytea,
    hash          bytea not null,
    constraint consents_are_of_somebody check ((user_id is null) <> (address_hash is null))
);
create index consents_by_user on consents (user_id, id) where user_id is not null;
create index consents_by_address on consents (address_hash, id) where address_hash is not null;

create function consent_hash(c consents) returns bytea
    language sql stable
    as $$
        select sha256(coalesce(c.previous_hash, '') || convert_to(jsonb_build_array(c.id, c.user_id, c.address_hash, c.channel, c.category,
            c.opt_in, c.source, c.actor, c.text_version, host(c.ip), extract(epoch from c.occurred_at), extract(epoch from c.recorded_at))::text, 'UTF8'))
    $$;

-- All of it goes by keys: planned once a connection instead of once a row, which a session of ours would ask for.
create function chain_consent() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    last consents;
begin
    -- Two words of one person at once: the second waits for the first, and then sees it. The person's row is what they wait at;
    -- a lock of its own for each would fill the table of locks when thousands are imported at once.
    perform from users where id = new.user_id for no key update;
    if not found then
        perform pg_advisory_xact_lock(hashtextextended('consents ' || coalesce(new.user_id, new.address_hash), 0));
    end if;
    if new.user_id is not null then
        select * into last from consents where user_id = new.user_id order by id desc limit 1;
    else
        select * into last from consents where address_hash = new.address_hash order by id desc limit 1;
    end if;
    new.previous_hash := last.hash;
    -- The order of the ids is the order of the chain, also where two were made in one millisecond or by a clock that was set back.
    if last.id is null or uuid_cmp(new.id, last.id) > 0 then
        new.id := coalesce(new.id, uuid_now());
    else
        new.id := uuid_after(last.id);
    end if;
    new.hash := consent_hash(new);
    return new;
end $$;
create trigger consents_chained before insert on consents for each row execute function chain_consent();

create function refuse_to_change_consents() returns trigger language plpgsql as $$
begin
    -- The one exception: a person asked to be forgotten, and only that person's rows go.
    if tg_op = 'DELETE' and old.user_id is not null and old.user_id = current_setting('consent.erasing', true) then
        return old;
    end if;
    raise exception 'consents are only ever appended to' using errcode = 'insufficient_privilege';
end $$;
create trigger consents_stay before update or delete on consents for each row execute function refuse_to_change_consents();
create trigger consents_stay_all before truncate on consents for each statement execute function refuse_to_change_consents();

-- What is stored already was said once: the first link of each chain.
alter table preferences add column consent_id uuid;
insert into consents (user_id, channel, category, opt_in, source, occurred_at)
select user_id, channel, category, opt_in, source, occurred_at
from preferences
order by user_id, occurred_at;
update preferences p
set consent_id = c.id
from consents c
where c.user_id = p.user_id and c.channel = p.channel and c.category = p.category;

-- Nobody who writes a preference can forget its history. Who said it, in answer to which words and from where is told in the
-- transaction: set_config('consent.actor' | 'consent.text_version' | 'consent.ip', ..., true).
create function record_consent() returns trigger language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    said_text text := nullif(current_setting('consent.text_version', true), '');
begin
    -- Two who write the same row wait for each other here, before either looks whether it is there.
    perform from users where id = new.user_id for no key update;
    -- An insert that will find a row and become an update comes by here twice: it counts the second time.
    if tg_op = 'INSERT' and exists (
        select from preferences where user_id = new.user_id and channel = new.channel and category = new.category) then
        return new;
    end if;
    -- The same word again is no new consent, unless it answers other words or comes from elsewhere.
    if tg_op = 'UPDATE' and old.consent_id is not null and old.opt_in = new.opt_in and old.source = new.source
        and (said_text is null or exists (select from consents where id = old.consent_id and text_version = said_text)) then
        new.consent_id := old.consent_id;
        return new;
    end if;
    insert into consents (user_id, channel, category, opt_in, source, actor, text_version, ip, occurred_at)
    values (new.user_id, new.channel, new.category, new.opt_in, new.source, nullif(current_setting('consent.actor', true), ''),
        said_text, nullif(current_setting('consent.ip', true), '')::inet, new.occurred_at)
    returning id into new.consent_id;
    return new;
end $$;
create trigger preferences_have_a_history before insert or update on preferences for each row execute function record_consent();

-- Which yes allowed it; null: nobody was asked (the category's default), or it belongs to nobody we know.
alter table messages add column consent_id uuid;

-- A suppression speaks for everything ('' ), for one category, or for all marketing ('class:marketing'). An address of the form
-- hmac:... is the keyed hash of one that we were asked to forget.
alter table suppressions drop constraint suppressions_pkey;
alter table suppressions drop constraint suppressions_reason_check;
alter table suppressions
    add column category text not null default '',
    add column created_by text,
    add column id bigint generated always as identity, -- where a list goes on: an address in a cursor would tell it
    add primary key (address, channel, category),
    add check (reason in ('hard_bounce', 'complaint', 'manual', 'invalid_token', 'unsubscribed', 'stop', 'erased'));

create unique index suppressions_by_id on suppressions (id);

-- What people wrote back. A provider may deliver one text several times; it counts once.
create table inbound_sms (
    provider    text not null,
    id          text not null,
    intent      text not null check (intent in ('opt_out', 'opt_in', 'help', 'review', 'none')),
    text        text,                                    -- only what a person should look at
    received_at timestamptz not null default now(),
    primary key (provider, id)
);
create index inbound_sms_by_age on inbound_sms (received_at);
create index inbound_sms_to_review on inbound_sms (received_at) where intent = 'review';
-- Who it was that wrote.
create index if not exists users_by_phone on users (phone) where phone is not null;

-- What a category is called in other languages: {"de": "...", "ko": "..."}; name is what is shown where there is none.
alter table categories add column names jsonb not null default '{}';
update categories set names = '{"de":"Anmeldecodes und Sicherheitshinweise","ko":"로그인 코드 및 보안 알림"}' where key = 'security' and name = 'Sign-in codes and security notices';
update categories set names = '{"de":"Konto","ko":"계정"}' where key = 'account' and name = 'Account';
update categories set names = '{"de":"Bestellungen und Lieferungen","ko":"주문 및 배송"}' where key = 'orders' and name = 'Orders and deliveries';
update categories set names = '{"de":"Angebote und Neuigkeiten","ko":"혜택 및 소식"}' where key = 'offers' and name = 'Offers and news';

-- Takes a person out of what was said to them. The figures stay: a message keeps its channel, state and times. What is being sent
-- at this moment is left alone, and told: ask again. Returns how many were emptied, and how many were left.
create function erase_messages(person text, out emptied integer, out in_flight integer)
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
