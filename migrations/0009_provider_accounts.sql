-- Accounts at the vendors, edited by people while everything runs, and the rules that say which of them carries what.

create table provider_accounts (
    key               text primary key check (key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    vendor            text not null,
    channels          text[] not null default '{}',      -- empty: all that the vendor carries
    markets           text[] not null default '{}',      -- countries; empty: everywhere
    apps              text[] not null default '{}',      -- bundle ids or packages; empty: all
    position          integer not null default 100,      -- the lowest is asked first
    weight            integer not null default 1 check (weight between 1 and 1000), -- shares among those of one position
    rate_per_second   integer check (rate_per_second > 0),
    daily_cap         integer check (daily_cap > 0),
    warm_up_from      date,
    warm_up_first_day integer check (warm_up_first_day > 0),
    warm_up_growth    double precision check (warm_up_growth > 1), -- each day so many times the day before
    enabled           boolean not null default true,
    settings          jsonb not null default '{}',
    secrets           bytea,                             -- nonce (12), tag (16), AES-256-GCM of a JSON object
    secrets_key       text,                              -- the name of the key, which is not in the database
    version           integer not null default 1,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    updated_by        text not null,
    constraint provider_accounts_secrets_name_their_key check ((secrets is null) = (secrets_key is null)),
    constraint provider_accounts_warm_up_is_whole check (
        (warm_up_from is null) = (warm_up_first_day is null) and (warm_up_from is null) = (warm_up_growth is null))
);

-- Asked in their order; the first that fits decides. An empty list means: whatever it is.
create table routing_rules (
    position   integer primary key,
    key        text not null unique check (key ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    channels   text[] not null,
    countries  text[] not null,
    apps       text[] not null,
    categories text[] not null,
    templates  text[] not null,
    accounts   text[] not null
);

-- One row. Raised by every change of the two tables above, so that a node sees at a glance that there is something to read.
create table provider_catalog (
    one           boolean primary key default true check (one),
    version       bigint not null default 1,
    rules_version integer not null default 1             -- of the routing rules alone: their ETag
);
insert into provider_catalog default values;

alter table messages
    add column route_rule      text,                     -- the rule that chose the account of the last attempt; null: none did
    add column pinned_provider text;                     -- an operator wants this account and no other

alter table operations add column provider text;         -- a requeue through this account
