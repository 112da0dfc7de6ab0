-- What was given up, kept until a person decides; and the doors of the providers, which all nodes share.

-- One row a message that ended as failed, written by the statement that ends it. Never deleted by age: it goes when it is
-- requeued or discarded.
create table dead_letters (
    message_id      uuid primary key,
    notification_id uuid not null,
    client_id       uuid not null,
    channel         text not null,
    lane            smallint not null,
    provider        text,                                -- null: it failed before anybody was called
    template        text,
    error_code      text,
    fingerprint     text not null,
    reason          text not null,
    attempts        integer not null,
    failed_at       timestamptz not null default now(),
    quarantined     boolean not null default false,      -- its nodes kept dying while they held it
    may_have_been_sent boolean not null default false    -- some call's outcome is unknown: a repeat may be a duplicate
);
create index dead_letters_by_time on dead_letters (failed_at, message_id);
create index dead_letters_by_fingerprint on dead_letters (fingerprint, failed_at, message_id);
create index dead_letters_by_channel on dead_letters (channel, failed_at, message_id);
create index dead_letters_by_provider on dead_letters (provider, failed_at, message_id) where provider is not null;
create index dead_letters_by_template on dead_letters (template, failed_at, message_id) where template is not null;
create index dead_letters_by_notification on dead_letters (notification_id);

-- Equal failures, told once: the words with everything that differs from message to message taken out.
create table failure_groups (
    fingerprint       text primary key,
    channel           text not null,
    provider          text,
    error_code        text,
    summary           text not null,
    first_seen        timestamptz not null default now(),
    last_seen         timestamptz not null default now(),
    total             bigint not null default 0,         -- ever; how many are dead now is counted from dead_letters
    sample_message_id uuid not null,                     -- the newest
    state             text not null default 'open' check (state in ('open', 'muted'))
);
create index failure_groups_by_time on failure_groups (last_seen desc, fingerprint);
create index failure_groups_by_channel on failure_groups (channel, last_seen desc, fingerprint);

-- One row a provider account that ever refused us; an account without a row is open. A tiny table that every node reads
-- each second: whatever one node learns of a provider holds for all.
create table provider_gates (
    account      text primary key,
    not_before   timestamptz check (isfinite(not_before)),   -- the provider asked for quiet until then
    reason       text,
    breaker      text not null default 'closed' check (breaker in ('closed', 'open', 'half_open')),
    opened_at    timestamptz,
    open_until   timestamptz check (isfinite(open_until)),
    times_opened integer not null default 0,                 -- in a row; what the wait doubles with
    probe_holder text,
    probe_until  timestamptz,                                -- a holder that died is passed over then
    updated_at   timestamptz not null default now(),
    constraint provider_gates_open_until_some_day check (breaker = 'closed' or open_until is not null),
    constraint provider_gates_have_one_probe check (
        (breaker = 'half_open') = (probe_holder is not null) and (probe_holder is null) = (probe_until is null))
) with (fillfactor = 50);
