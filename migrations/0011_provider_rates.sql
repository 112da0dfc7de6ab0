-- How fast each account is called, by all nodes together. A row is a clock that every taking of a slice moves ahead, and the
-- count of the day. No row: nobody has asked yet.
create table provider_rates (
    account  text primary key,
    next_at  timestamptz not null default '-infinity',   -- until here every moment has been given to somebody
    day      date not null default '-infinity',          -- in UTC; the count below is of this day
    taken    bigint not null default 0,
    -- What the last taking got, kept because that is how its own statement tells it.
    asked_at timestamptz not null default '-infinity',
    first_at timestamptz not null default '-infinity',
    granted  integer not null default 0
) with (fillfactor = 50);
