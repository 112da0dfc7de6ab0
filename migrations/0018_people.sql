-- How a colleague finds people: by the beginning of an id or an address, by a device, or the newest first. The operators of these
-- classes compare bytes, so that the beginning of a text is one range of the index, whatever the collation of the database.
create index users_by_id_prefix on users (id text_pattern_ops);
create index users_by_email on users (lower(email) text_pattern_ops) where email is not null;
-- By the day on which they came: an index on updated_at would have to be written with every change of a person.
create index users_by_age on users (created_at desc, id desc);
create index devices_by_id on devices (id);
create index blocks_by_age on blocks (created_at desc, user_id desc);
create index blocks_by_user_prefix on blocks (user_id text_pattern_ops);
create index suppressions_by_address on suppressions (lower(address) text_pattern_ops);
