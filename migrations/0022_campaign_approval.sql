-- Campaigns: who wrote what is to be agreed to, and who is told of how they go on.

-- Who changed it since it was agreed to last, and whoever made it: none of them is the second person.
alter table campaigns add column editors text[] not null default '{}';

-- At the commit, when what belongs to the move is there whatever its order was: the run of what was started, and how it ended. A campaign that
-- nobody's key made is told to every client that asked, as what concerns everybody is.
create function tell_of_campaigns() returns trigger language plpgsql as $$
declare
    told constant text := case
        when new.status = 'pending_approval' then 'campaign.pending_approval'
        when new.status = 'running' and old.status <> 'paused' then 'campaign.started'
        when new.status = 'paused' then 'campaign.paused'
        when new.status = 'completed' then 'campaign.completed'
        -- One that comes again: a run of it went through.
        when new.status = 'scheduled' and old.status = 'running' then 'campaign.completed'
    end;
    run campaign_runs;
begin
    if told is null or not exists (select from webhook_wants where type = told) then
        return null;
    end if;
    select * into run from campaign_runs where campaign_id = new.id order by id desc limit 1;
    -- A run that expired while its campaign comes again is no completion.
    if told = 'campaign.completed' and new.status = 'scheduled' and run.outcome is distinct from 'completed' then
        return null;
    end if;
    perform tell_webhooks(told, nullif(new.client_id, '00000000-0000-0000-0000-000000000000'), new.sandbox, null, json_build_object(
        'campaign_id', 'cmp_' || replace(new.id::text, '-', ''), 'name', new.name, 'status', new.status,
        'run_id', case when told <> 'campaign.pending_approval' then 'run_' || replace(run.id::text, '-', '') end, 'sandbox', new.sandbox));
    return null;
end $$;
create constraint trigger campaigns_told_of after update on campaigns deferrable initially deferred
    for each row when (old.status <> new.status) execute function tell_of_campaigns();
