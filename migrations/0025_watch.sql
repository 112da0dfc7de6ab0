-- Whose trace a notification belongs to (W3C's traceparent), where its caller records one. Without a check: that would read all
-- of the log while nobody may write it.
alter table notifications add column trace text;

-- What people have set otherwise than the server would by itself. A kind without a row is as the server has it.
create table alert_rules (
    kind       text primary key,
    enabled    boolean not null default true,
    threshold  double precision,                         -- null: the server's own
    lasting    interval,                                 -- null: the server's own
    channels   text[],                                   -- who is told; null: everybody who is configured
    changed_by text not null,
    changed_at timestamptz not null default now()
);

-- What is seen at the moment, and since when: an alert is raised when that has lasted, and is over when it is seen no more.
create table alert_watch (
    kind    text not null,
    key     text not null,
    since   timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    primary key (kind, key)
) with (fillfactor = 50);

-- One row: when somebody last looked, so that of several nodes one looks at a time.
create table alert_looks (
    only_one  boolean primary key default true check (only_one),
    looked_at timestamptz not null default 'epoch'
);
insert into alert_looks default values;

-- Who does not want to hear of what, why, and until when.
create table alert_mutes (
    kind     text not null,
    key      text not null default '',                   -- '': of the whole kind
    until    timestamptz not null check (isfinite(until)),
    reason   text not null,
    muted_by text not null,
    muted_at timestamptz not null default now(),
    primary key (kind, key)
);

-- Who was told of what: one row for each alert, each of its two ends and each place, so that nobody is told twice whichever node does it.
create table alert_notices (
    alert_id        uuid not null references alerts on delete cascade,
    event           text not null check (event in ('raised', 'cleared')),
    channel         text not null,
    created_at      timestamptz not null default now(),
    next_at         timestamptz not null default now(),  -- also the lease of whoever is telling
    tries           integer not null default 0,
    told_at         timestamptz,
    given_up_at     timestamptz,
    notification_id uuid,                                -- of a mail that goes through our own queue
    problem         text,
    primary key (alert_id, event, channel)
) with (fillfactor = 70);
create index alert_notices_due on alert_notices (next_at) where told_at is null and given_up_at is null;
create index alert_notices_by_channel on alert_notices (channel, created_at desc);
