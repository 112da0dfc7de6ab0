-- Keys that people make and change, the log of who changed what, and what became of the doors of the providers.

alter table api_keys
    add column networks    text[] not null default '{}', -- addresses or networks that it may be used from; empty: from anywhere
    add column created_by  text not null default 'server',
    add column replaced_by text references api_keys;      -- the key that was made to take its place

-- The address that a change came from; null: no person or service asked for it over the network.
alter table audit_log add column ip inet;

-- Whoever looks for a person's or a kind of change must not read what all the others did.
create index audit_log_by_actor on audit_log (actor, id);
create index audit_log_by_action on audit_log (action, id);

-- Each time that an account was closed, found closed still, or opened again: what the one row of provider_gates forgets.
create table provider_gate_changes (
    account    text not null,
    at         timestamptz not null default clock_timestamp(),
    breaker    text not null,
    reason     text,
    open_until timestamptz,
    primary key (account, at)
);

-- Accounts change their state some times a day, not a second: the same statement takes away what nobody asks for any more.
create function note_gate_change() returns trigger language plpgsql as $$
begin
    insert into provider_gate_changes (account, breaker, reason, open_until)
    values (new.account, new.breaker, new.reason, new.open_until)
    on conflict do nothing;
    delete from provider_gate_changes where account = new.account and at < now() - interval '90 days';
    return null;
end $$;
create trigger provider_gates_noted_new after insert on provider_gates
    for each row when (new.breaker <> 'closed') execute function note_gate_change();
create trigger provider_gates_noted after update on provider_gates
    for each row when (new.breaker <> 'half_open' and (old.breaker <> new.breaker or new.breaker = 'open' and old.opened_at is distinct from new.opened_at))
    execute function note_gate_change();
