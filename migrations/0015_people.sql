-- What the people of the admin app need beyond Identity's own tables: a name, invitations, forgotten passwords, the list of
-- one's own sessions, and the codes that were used already.

alter table staff add column full_name text;

delete from staff_sessions;                              -- those from before know no id: everybody signs in once more
alter table staff_sessions
    add column id      uuid not null default gen_random_uuid() unique,   -- by which a person ends one; the cookie's key is nobody's to see
    add column seen_at timestamptz not null default now(),
    add column address text not null default '',         -- masked: enough to recognise one's own
    add column browser text not null default '';

-- Apart from `staff`, which Identity writes back as the whole row that it once read.
create table staff_notes (
    user_id         uuid primary key references staff on delete cascade,
    last_sign_in_at timestamptz not null
);

-- A code of the second factor works once, on whatever node, within the minutes in which a clock might take it again.
create table staff_used_codes (
    user_id uuid not null references staff on delete cascade,
    code    text not null,
    used_at timestamptz not null default now(),
    primary key (user_id, code)
);

create table staff_invitations (
    id               uuid primary key,
    email            text not null,
    normalized_email text not null unique,
    roles            text[] not null check (cardinality(roles) > 0),
    digest           bytea not null unique,              -- SHA-256 of the token in the link; used once, then the row is gone
    invited_by       text not null,
    invited_at       timestamptz not null default now(),
    expires_at       timestamptz not null
);

-- The newest link of a person is the only one that works.
create table staff_resets (
    user_id    uuid primary key references staff on delete cascade,
    digest     bytea not null unique,
    made_by    text,                                     -- null: the person asked for it
    made_at    timestamptz not null default now(),
    expires_at timestamptz not null
);
