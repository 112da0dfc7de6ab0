-- The passwords of the two roles of database-roles.sql, from where docker-compose.yml puts them. Run by psql.
\set owner `cat /run/secrets/owner_password`
\set app `cat /run/secrets/app_password`
alter role notifications_owner password :'owner';
alter role notifications_app password :'app';
