-- Campaigns: to whom (segments), what and when (campaigns), and what became of it (runs, with one row a person).

-- Whom to tell -----------------------------------------------------------------------------------------------------------

create table segments (
    id             uuid primary key,
    name           text not null check (length(name) between 1 and 100),
    description    text not null default '' check (length(description) <= 1000),
    kind           text not null check (kind in ('rules', 'list')),
    rules          jsonb,                                -- a tree: {"all": [{"field": "country", "op": "in", "value": ["DE"]}, {"not": {...}}]}
    estimated_size bigint,                               -- when somebody last looked
    estimated_at   timestamptz,
    revision       integer not null default 1,           -- raised by every change: the ETag
    created_by     text not null,
    created_at     timestamptz not null default now(),
    updated_by     text not null,
    updated_at     timestamptz not null default now(),
    archived_at    timestamptz,                          -- new campaigns cannot name it
    constraint segments_say_how check ((kind = 'rules') = (rules is not null))
);
create unique index segments_by_name on segments (lower(name)) where archived_at is null;

-- A list names people by their ids, known or not yet: whom nobody knows cannot be told anything.
create table segment_members (
    segment_id uuid not null references segments on delete cascade,
    user_id    text not null check (length(user_id) between 1 and 128),
    primary key (segment_id, user_id)
);
create index segment_members_by_user on segment_members (user_id);

-- What is planned --------------------------------------------------------------------------------------------------------

create table campaigns (
    id            uuid primary key,
    client_id     uuid not null,                         -- whose messages they are; nobody's: made in the admin app
    sandbox       boolean not null default false,        -- to the inbox only
    name          text not null check (length(name) between 1 and 200),
    status        text not null default 'draft' check (status in
        ('draft', 'pending_approval', 'approved', 'scheduled', 'running', 'paused', 'completed', 'cancelled', 'expired', 'failed')),
    plan          jsonb not null,                        -- what, to whom, when: as api.md says it
    revision      integer not null default 1,            -- raised by every change of a person: the ETag
    created_by    text not null,
    created_at    timestamptz not null default now(),
    updated_by    text not null,
    updated_at    timestamptz not null default now(),
    submitted_by  text,
    submitted_at  timestamptz,
    approved_by   text,
    approved_at   timestamptz,
    approved_plan jsonb,                                 -- what was agreed to last: what an edit is compared with
    note          text,                                  -- why it was sent back, or why it ended as it did
    next_run_at   timestamptz check (isfinite(next_run_at)),  -- scheduled: when it begins, or begins again
    cloned_from   uuid
);
create index campaigns_by_status on campaigns (status, id);
create index campaigns_due on campaigns (next_run_at) where status in ('scheduled', 'running', 'paused') and next_run_at is not null;

-- What happens -----------------------------------------------------------------------------------------------------------

-- One row for each time that a campaign goes out. Its work is done in steps, each a transaction that holds this row: the row lock is
-- the lease, which a dead node loses at once, and a step and where it got to are written together or not at all.
create table campaign_runs (
    id           uuid primary key,
    campaign_id  uuid not null references campaigns,
    occurrence   timestamptz not null,                   -- the moment that was planned: each happens once
    client_id    uuid not null,
    sandbox      boolean not null,
    plan         jsonb not null,                         -- as it was agreed to
    -- gathering: writes down who is meant. sending: makes their messages. deciding: waits for what the test says.
    -- verifying: counts again what it did. ended: see outcome.
    phase        text not null default 'gathering' check (phase in ('gathering', 'sending', 'deciding', 'verifying', 'ended')),
    outcome      text check (outcome in ('completed', 'cancelled', 'expired', 'failed')),
    problem      text,                                   -- why it failed, in words
    paused_at    timestamptz,
    paused_by    text,
    pause_reason text,
    gathered_to  text not null default '',               -- the last user that was looked at
    audience     integer not null default 0,             -- people who are meant: rows of campaign_recipients
    wave         smallint not null default 0,            -- where the sending has got to: this wave ...
    reached      text not null default '',               -- ... and in it this user
    expanded     integer not null default 0,             -- people dealt with
    addressed    integer not null default 0,             -- of these: who gets a message
    excluded     jsonb not null default '{}',            -- of these: who gets none, by the first reason
    withdrawn    integer not null default 0,             -- people it never came to: cancelled, or its time was over
    messages     integer not null default 0,             -- rows of messages, suppressed ones included
    throttle     integer check (throttle > 0),           -- people a minute; null: as fast as it goes
    winner       smallint,                               -- of the test: which variant the rest gets
    decide_at    timestamptz,
    expires_at   timestamptz check (isfinite(expires_at)),
    next_at      timestamptz not null default now(),     -- when the next step is due, on whatever node
    started_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    ended_at     timestamptz,
    unique (campaign_id, occurrence),
    constraint campaign_runs_end_somehow check ((phase = 'ended') = (outcome is not null) and (phase = 'ended') = (ended_at is not null)),
    -- The books of the people: whoever was dealt with got something or did not.
    constraint campaign_runs_add_up check (expanded + withdrawn <= audience and addressed <= expanded)
);
create index campaign_runs_due on campaign_runs (next_at) where phase <> 'ended';
create index campaign_runs_by_campaign on campaign_runs (campaign_id, id);

-- Who goes together: people of one time zone, or those who are shown the same variant. In the order in which they are due.
create table campaign_waves (
    run_id    uuid not null references campaign_runs on delete cascade,
    wave      smallint not null,
    due_at    timestamptz not null check (isfinite(due_at)),
    time_zone text,                                      -- the same local hour for everyone: whose
    variant   smallint,                                  -- of the test; null: the only one, or whichever wins
    people    integer not null default 0,
    primary key (run_id, wave)
);

-- Written down before anything is sent, so that what was meant can be compared with what was done. Each person once.
-- No foreign key: a million checks for one row that cannot go away before them.
create table campaign_recipients (
    run_id  uuid not null,
    user_id text not null,
    wave    smallint not null,
    primary key (run_id, user_id)
);
create index campaign_recipients_by_wave on campaign_recipients (run_id, wave, user_id) where wave > 0;

-- What belongs to a run: its messages, what is counted of them, and what people do with them.
alter table messages add column campaign_run_id uuid;
create index messages_by_campaign_run on messages (campaign_run_id, id) where campaign_run_id is not null;
alter table notifications add column campaign_run_id uuid;
alter table message_count_deltas add column campaign_run_id uuid;
alter table message_stat_deltas add column campaign_run_id uuid;
alter table engaged add column campaign_run_id uuid;

-- Folded from the same deltas as all other books. A status' counts over all times and parts are how many messages have it now; over the
-- times they say when. 'accepted' are all that came into being and 'taken' those that a provider took, beside the statuses of messages
-- and the metrics of engagement (opened_human, clicked_human, unsubscribed, ...).
create table campaign_counts (
    run_id           uuid not null,
    at               timestamptz not null,               -- ten minutes in which it happened
    channel          text not null,
    template         text not null,
    template_version integer not null,
    provider         text not null,
    metric           text not null,
    count            bigint not null,
    primary key (run_id, at, channel, template, template_version, provider, metric)
) with (fillfactor = 70);
