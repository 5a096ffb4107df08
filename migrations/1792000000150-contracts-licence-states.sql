-- A licence can be suspended while the law does not let its data leave, and ends before its time where its money never came or it is terminated.
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'contracts.licence'::regclass and contype = 'c' and (pg_get_constraintdef(oid) like '%''EXPIRED''%' or pg_get_constraintdef(oid) like '%''PENDING''%') loop
    execute format('alter table contracts.licence drop constraint %I', named);
  end loop;
end $$;
alter table contracts.licence
  -- Why it is suspended or was ended, for both sides.
  add column state_reason text check (length(state_reason) between 1 and 5000),
  -- Only who suspended it resumes it.
  add column suspended_by text check (suspended_by in ('COMPLIANCE', 'STAFF')),
  -- The decision that suspended it.
  add column suspension_decision_id uuid,
  add constraint licence_states check (state in ('PENDING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'TERMINATED')),
  add constraint licence_begun check (state in ('PENDING', 'TERMINATED') or valid_from is not null),
  add constraint licence_pending check (state <> 'PENDING' or valid_from is null),
  add constraint licence_suspended check ((state = 'SUSPENDED') = (suspended_by is not null)),
  add constraint licence_reason check (state not in ('SUSPENDED', 'TERMINATED') or state_reason is not null);
drop index contracts.licence_to_expire;
create index licence_to_expire on contracts.licence (valid_until) where state in ('ACTIVE', 'SUSPENDED');
create index licence_live on contracts.licence (id) where state in ('ACTIVE', 'SUSPENDED');
create index licence_unpaid on contracts.licence (created_at) where state = 'PENDING';
create index licence_of_product on contracts.licence (product_id, id) where state in ('ACTIVE', 'SUSPENDED');
