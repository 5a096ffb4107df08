-- An order also waits where the law asks for a mechanism that is not held yet. The vendor, who has to file, sees those; a second signature stays the buyer's own matter.
do $$
declare named text;
begin
  for named in select conname from pg_constraint where conrelid = 'contracts.pending_order'::regclass and contype = 'c' and (pg_get_constraintdef(oid) like '%state%') loop
    execute format('alter table contracts.pending_order drop constraint %I', named);
  end loop;
end $$;
alter table contracts.pending_order
  add column vendor_id uuid,
  -- The last decision, what it still asks for, and why the order cannot be concluded whatever the law says.
  add column decision_id uuid,
  add column needs jsonb not null default '[]' check (jsonb_typeof(needs) = 'array'),
  add column blocked_by text check (length(blocked_by) between 1 and 5000),
  -- Whose signatures it carries, and through which key.
  add column signed_by uuid[] not null default '{}' check (cardinality(signed_by) <= 2),
  add column signed_with_key uuid,
  -- When it is decided again.
  add column next_try_at timestamptz;
alter table contracts.pending_order disable trigger pending_order_stays;
update contracts.pending_order p set vendor_id = o.vendor_id, signed_by = case when p.state = 'CONCLUDED' then array[p.requested_by, p.closed_by] else array[p.requested_by] end from contracts.offer o where o.id = p.offer_id;
alter table contracts.pending_order enable trigger pending_order_stays;
alter table contracts.pending_order
  alter column vendor_id set not null,
  add constraint pending_order_states check (state in ('AWAITING_SIGNATURE', 'AWAITING_CLEARANCE', 'CONCLUDED', 'REJECTED', 'EXPIRED')),
  add constraint pending_order_open check ((state in ('AWAITING_SIGNATURE', 'AWAITING_CLEARANCE')) = (closed_at is null)),
  add constraint pending_order_rejected check (state <> 'REJECTED' or closed_by is not null),
  add constraint pending_order_closed_by check (closed_by is null or state in ('CONCLUDED', 'REJECTED')),
  add constraint pending_order_concluded check ((state = 'CONCLUDED') = (agreement_id is not null)),
  -- Without a decision that let it wait it was concluded by the second of two.
  add constraint pending_order_two_persons check (state <> 'CONCLUDED' or decision_id is not null or (closed_by is not null and closed_by <> requested_by)),
  add constraint pending_order_clearance check (state <> 'AWAITING_CLEARANCE' or (decision_id is not null and next_try_at is not null and cardinality(signed_by) > 0));
drop index contracts.pending_order_to_expire;
create index pending_order_to_expire on contracts.pending_order (expires_at) where state in ('AWAITING_SIGNATURE', 'AWAITING_CLEARANCE');
create index pending_order_to_try on contracts.pending_order (next_try_at) where state = 'AWAITING_CLEARANCE';
create index pending_order_of_vendor on contracts.pending_order (vendor_id, id) where state = 'AWAITING_CLEARANCE';
create or replace function contracts.refuse_pending_order_change() returns trigger language plpgsql as $$
declare
  moving constant text[] := '{state,expires_at,closed_by,closed_at,agreement_id,decision_id,needs,blocked_by,signed_by,signed_with_key,next_try_at}';
begin
  if (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving) or old.state not in ('AWAITING_SIGNATURE', 'AWAITING_CLEARANCE')
    or (new.expires_at <> old.expires_at and not (old.state = 'AWAITING_SIGNATURE' and new.state = 'AWAITING_CLEARANCE')) then
    raise exception 'what was ordered is never changed, and a closed order stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create policy vendor_reads on contracts.pending_order for select to entrepot_app using (vendor_id = (select shared.tenant()) and state = 'AWAITING_CLEARANCE');
-- Purchases whose time to be paid is over.
create index trade_unpaid on settlement.trade (executed_at) where kind = 'PURCHASE' and state = 'AWAITING_PAYMENT';
