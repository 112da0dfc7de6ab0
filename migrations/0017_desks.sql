-- The desks of those who operate: failures found by whom they concern, decisions on many messages that can be taken back, and
-- messages found by their address.

-- A message to a bare address belongs to no user, so that nothing else finds it again. Most have a user: an entry is written for the
-- few that have none, and none for any of the changes that follow.
create index messages_by_address on messages (lower(address), id) where user_id is null and address is not null;

-- A group that somebody has seen and wants out of sight, until the next failure of its kind opens it again.
alter table failure_groups
    add column muted_by    text,
    add column muted_at    timestamptz,
    add column mute_reason text;

-- Taking back ------------------------------------------------------------------------------------------------------------

alter table decisions drop constraint decisions_decision_check;
alter table decisions add constraint decisions_decision_check check (decision in ('requeued', 'discarded', 'undone', 'cancelled'));

alter table operations drop constraint operations_type_check;
alter table operations
    add constraint operations_type_check check (type in ('requeue', 'discard', 'undo')),
    add column undoes uuid references operations,        -- what it takes back
    add constraint operations_undo_something check ((type = 'undo') = (undoes is not null));
create unique index operations_undone_once on operations (undoes) where undoes is not null;

-- What a message and its dead letter were before an operation decided on them. Written by the statement that decides; kept for a week.
create table former_letters (
    operation_id    uuid not null,
    message_id      uuid not null,
    at              timestamptz not null default now(),
    attempt         integer not null,                    -- the fence at that moment: an attempt above it came after the decision
    reason          text,
    pinned_provider text,
    letter          jsonb,                               -- null: it had none, somebody had discarded it before
    primary key (operation_id, message_id)
);
create index former_letters_by_age on former_letters using brin (at);

-- Whose failures ---------------------------------------------------------------------------------------------------------

-- The one place that says what a filter means: also by message, by the words of the failure, and by whom it was for (a user's id, or an
-- address that is a user's or nobody's). Where the filter is known when the statement is planned, what it does not ask for costs nothing.
create function dead_letters_of(filter jsonb) returns setof dead_letters
    language sql stable as $$
        select *
        from dead_letters
        where (filter -> 'ids' is null or message_id = any (array(select jsonb_array_elements_text(filter -> 'ids')::uuid)))
            and (filter -> 'channels' is null or filter -> 'channels' ? channel)
            and (filter ->> 'provider' is null or provider = filter ->> 'provider')
            and (filter ->> 'fingerprint' is null or fingerprint = filter ->> 'fingerprint')
            and (filter ->> 'template' is null or template = filter ->> 'template')
            and (filter ->> 'error_code' is null or error_code = filter ->> 'error_code')
            and (filter ->> 'from' is null or failed_at >= (filter ->> 'from')::timestamptz)
            and (filter ->> 'to' is null or failed_at < (filter ->> 'to')::timestamptz)
            and (filter ->> 'text' is null or fingerprint = any (array(
                select g.fingerprint from failure_groups g
                where position(lower(filter ->> 'text') in lower(g.summary)) > 0 or lower(g.error_code) = lower(filter ->> 'text'))))
            and (filter ->> 'recipient' is null or message_id = any (array(
                select m.id from messages m where m.user_id = filter ->> 'recipient'
                union all
                select m.id from users u join messages m on m.user_id = u.id where lower(u.email) = lower(filter ->> 'recipient')
                union all
                select m.id from users u join messages m on m.user_id = u.id where u.phone = filter ->> 'recipient'
                union all
                select m.id from messages m where m.user_id is null and m.address is not null and lower(m.address) = lower(filter ->> 'recipient'))))
    $$;

-- A batch of them, in the order in which operations go through them.
create or replace function matching_dead_letters(filter jsonb, failed_before timestamptz, after_id uuid, most integer) returns setof uuid
    language sql stable as $$
        select message_id
        from dead_letters_of(filter)
        where message_id > after_id and failed_at <= failed_before
        order by message_id
        limit most
    $$;
