-- What rules of segments ask of a person.

-- What somebody did last, by template: a rule asks it of every person there is, and must not search their messages for it. It goes with
-- the person. Opens and clicks of machines are not theirs.
create table last_engaged (
    user_id  text not null,
    kind     text not null,
    template text not null,                              -- '': its words came with the notification
    at       timestamptz not null,
    primary key (user_id, kind, template)
) with (fillfactor = 80);

create function remember_engaged() returns trigger language plpgsql as $$
begin
    insert into last_engaged as l (user_id, kind, template, at)
    select m.user_id, c.kind, c.template, max(c.at)
    from come c
    join messages m on m.id = c.message_id
    where m.user_id is not null and (c.by_whom = 'human' or c.kind not in ('opened', 'clicked'))
    group by 1, 2, 3
    -- One order of rows: two who write about the same people wait for each other instead of crosswise.
    order by 1, 2, 3
    on conflict (user_id, kind, template) do update set at = excluded.at where l.at < excluded.at;
    return null;
end $$;
create trigger engaged_remembered_in after insert on engaged
    referencing new table as come for each statement execute function remember_engaged();
create trigger engaged_remembered_on after update on engaged
    referencing new table as come for each statement execute function remember_engaged();

insert into last_engaged (user_id, kind, template, at)
select m.user_id, e.kind, e.template, max(e.at)
from engaged e
join messages m on m.id = e.message_id
where m.user_id is not null and (e.by_whom = 'human' or e.kind not in ('opened', 'clicked'))
group by 1, 2, 3;

create function forget_engaged() returns trigger language plpgsql as $$
begin
    delete from last_engaged where user_id in (select id from gone);
    return null;
end $$;
create trigger users_are_forgotten after delete on users
    referencing old table as gone for each statement execute function forget_engaged();

-- A list as it is being read: nothing of it counts before all of it was judged, and it may be lost with the server.
create unlogged table segment_uploads (
    upload  uuid not null,
    user_id text not null,
    primary key (upload, user_id)
);

-- Attributes are what somebody once stored: text that looks like a number or a day counts as one, anything else is none, and nothing
-- that stands there may make a statement fail.
create function number_in(said text) returns numeric
    language sql immutable strict parallel safe
    as $$ select case when said ~ '^\s*[-+]?\d{1,30}(\.\d{1,30})?\s*$' then said::numeric end $$;

create function day_in(said text) returns date
    language sql immutable strict parallel safe
    -- The 31st of a month that has none is the first of the next.
    as $$ select case when said ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(\D|$)'
        then make_date(substr(said, 1, 4)::integer, substr(said, 6, 2)::integer, 1) + (substr(said, 9, 2)::integer - 1) end $$;

-- Whoever was born on 29 February has their day on the 28th where there is none.
create function is_anniversary(of_day date, today date) returns boolean
    language sql immutable strict parallel safe
    as $$ select to_char(of_day, 'MMDD') = to_char(today, 'MMDD')
        or (to_char(of_day, 'MMDD') = '0229' and to_char(today, 'MMDD') = '0228' and to_char(today + 1, 'MMDD') = '0301') $$;

-- 5.10 is newer than 5.9, and 5.0 is 5.
create function version_in(said text) returns integer[]
    language sql immutable strict parallel safe
    as $$ select string_to_array(regexp_replace(substring(said from '^v?(\d{1,9}(?:\.\d{1,9})*)'), '(\.0+)+$', ''), '.')::integer[] $$;
