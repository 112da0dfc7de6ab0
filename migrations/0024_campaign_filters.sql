-- Campaigns seen from elsewhere: the failures of one, and its messages.

-- As before, and by campaign: of whichever of its runs. A failure is looked up by its message's id, one by one: there are fewer failures
-- than a campaign has messages, and whoever goes through them in batches reads on from where the last one ended. Ids tell the time, and
-- none is older than the campaign.
create or replace function dead_letters_of(filter jsonb) returns setof dead_letters
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
            and (filter ->> 'campaign' is null or message_id >= (
                select uuid_from(min(r.started_at)) from campaign_runs r where r.campaign_id = (filter ->> 'campaign')::uuid))
            and (filter ->> 'campaign' is null or (select m.campaign_run_id from messages m where m.id = message_id) = any (array(
                select r.id from campaign_runs r where r.campaign_id = (filter ->> 'campaign')::uuid)))
    $$;

-- As before, with the run at its end.
create or replace view message_states as
    select m.id, m.notification_id, m.client_id, m.user_id, m.device_id, m.channel, m.lane, m.address, m.push_provider, m.app_id, m.locale, m.sandbox,
        m.status, m.reason, m.attempts, m.provider, m.provider_message_id, m.error_code, m.error_detail, m.created_at, m.send_at, m.expires_at,
        m.sent_at, m.updated_at,
        case
            when m.status <> 'queued' or j.id is null then m.status
            when j.state = 1 then 'sending'
            when j.run_at > now() and j.attempt = 0 then 'scheduled'
            else 'queued'
        end as delivery_status,
        case when j.state = 0 then j.run_at end as next_attempt_at,
        j.leased_at,
        m.campaign_run_id
    from messages m
    left join jobs j on j.channel = m.channel and j.id = m.id;
