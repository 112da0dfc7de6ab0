-- What operators look at: how the queues moved in the last week, and the work that recurs.

-- Also how many ended as failed, beside what came and what went (they are among those).
alter table queue_flow add column failed bigint not null default 0;

-- The same by ten minutes, for eight days: the week that a chart shows, and the day before it to compare with. Written by the statement
-- that writes the row of ten seconds, so that the two never say different things.
create table queue_history (
    at      timestamptz not null,
    channel text not null,
    lane    smallint not null,
    came    bigint not null,
    went    bigint not null,
    failed  bigint not null,
    primary key (at, channel, lane)
) with (fillfactor = 70);

-- What waits for another try. An update of a job never stays within its page anyway (its state and its time are indexed), so that this costs
-- an entry for what is tried again and, for everything else, only the question whether it is. Measured where one in twenty is
-- tried again: 1.7 % more WAL, the time within the noise.
create index jobs_retrying on jobs (lane, run_at, id) where state = 0 and failures > 0;

-- How the calls of each provider account went on this node lately: {"twilio":{"calls":20,"failed":3,"seconds":30}}
alter table nodes add column calls jsonb not null default '{}';

-- Cleared alerts, the latest first: to be read, and to be forgotten from the other end.
create index alerts_cleared on alerts (cleared_at desc, id) where cleared_at is not null;

-- Chores: one row each, written by whichever node ran it last.
create table chores (
    name      text primary key,
    every     interval not null,                         -- about how often; each node paces itself
    ran_at    timestamptz,                               -- null: it never ran, somebody asked for it
    took_ms   double precision not null default 0,
    node      text not null default '',
    runs      bigint not null default 0,
    failures  bigint not null default 0,
    failed_at timestamptz,                               -- the last run that failed; of the last run if it is ran_at
    problem   text,                                      -- what that run said
    asked_at  timestamptz,                               -- somebody wants it now; until a run that began later has ended
    asked_by  text
) with (fillfactor = 50);
