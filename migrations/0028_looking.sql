-- What the watch reads: how many messages were set aside lately, and when the books were last looked at to the end.

-- Few of the dead letters are of this kind, and all of an hour can be a million. On a big table made by hand before (`concurrently`): docs/upgrading.md.
create index if not exists dead_letters_quarantined on dead_letters (failed_at) where quarantined;

-- checked_at says who took on the minute, and stands before anything was counted: of a check that fails again and again it says nothing.
alter table balance_checks add column completed_at timestamptz;
update balance_checks set completed_at = checked_at;
