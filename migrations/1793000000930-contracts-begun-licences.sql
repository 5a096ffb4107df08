-- Licences that began before they were counted are told of as those that begin from now on.
select shared.publish(gen_random_uuid(), id::text, 'contracts.licence-begun.v1', jsonb_build_object('licenceId', id, 'agreementId', agreement_id, 'begunAt', to_char(valid_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), 'migration', now(), array['contracts.count-value'])
from contracts.licence where valid_from is not null order by valid_from, id;
