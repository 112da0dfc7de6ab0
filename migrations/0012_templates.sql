-- Templates that people work on together: who changed what last, texts that several of them share, and data that must fit.

alter table templates
    add column revision    integer not null default 1,   -- raised by every change: the ETag
    add column updated_by  text,                         -- null: nobody since before this was kept
    add column archived_at timestamptz;                  -- new notifications cannot name it; what was accepted is still said

-- parts also holds {"default_locale": "en", "locales": {"de": {"sms": {...}}}}. All of a version is written once.
alter table template_versions
    add column variables_schema json,                    -- JSON Schema of the data; json, not jsonb: it comes back as it was written
    add column sample_data      json,
    add column partials         jsonb,                   -- {"footer": {"version": 2, "texts": {"html": ...}}}: as they were when it was stored
    add column restored_from    integer;
create index template_versions_by_partial on template_versions using gin (partials jsonb_ops) where partials is not null;

-- Texts that templates include. A template version keeps its own copy of those it uses, so that it says the same for ever.
create table template_partials (
    key         text primary key check (key ~ '^[a-z0-9][a-z0-9_-]{0,99}$'),
    name        text not null,
    latest      integer not null default 1,
    revision    integer not null default 1,              -- raised by every change: the ETag
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table template_partial_versions (
    partial    text not null references template_partials on delete cascade,
    version    integer not null,
    texts      jsonb not null,                           -- {"html": ..., "text": ..., "locales": {"de": {"html": ..., "text": ...}}}
    created_at timestamptz not null default now(),
    created_by text not null,
    primary key (partial, version)
);

alter table messages add column time_zone text;          -- the recipient's, where their template may tell the time
