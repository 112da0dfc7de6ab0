-- Which job of Hangfire stands for which message. Only the build with Hangfire as its engine writes here; the jobs and the
-- messages stay the truth, and what Hangfire says of a job is told to it from them. Hangfire's own tables are in its own schema,
-- made by itself.
create table hangfire_jobs (
    message_id  uuid primary key,
    channel     text not null,
    hangfire_id bigint not null,
    failed      boolean not null default false           -- Hangfire holds it as failed: it waits for a person, as its dead letter does
) with (fillfactor = 70, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);
create index hangfire_jobs_failed on hangfire_jobs (channel, message_id) where failed;
