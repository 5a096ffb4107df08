-- A licence rests for as long as there is a cause for it, and there may be several at once: each is placed and lifted by whoever it belongs to.
create table contracts.licence_hold (
  id uuid primary key,
  licence_id uuid not null references contracts.licence (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  -- COMPLIANCE: a screening. PAYMENT: a charge is overdue. BREACH: the vendor says that the terms are not kept. STAFF: the exchange.
  cause text not null check (cause in ('COMPLIANCE', 'PAYMENT', 'BREACH', 'STAFF')),
  reason text not null check (length(reason) between 1 and 5000),
  -- The decision of a screening.
  decision_id uuid,
  placed_at timestamptz not null,
  lifted_at timestamptz,
  lifted_reason text check (length(lifted_reason) between 1 and 5000),
  check ((lifted_at is null) = (lifted_reason is null)),
  check (cause = 'COMPLIANCE' or decision_id is null)
);
create unique index licence_hold_open on contracts.licence_hold (licence_id, cause) where lifted_at is null;
create index licence_hold_of_licence on contracts.licence_hold (licence_id, id);
create function contracts.refuse_hold_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.lifted_at is not null or (to_jsonb(new) - '{lifted_at,lifted_reason}'::text[]) is distinct from (to_jsonb(old) - '{lifted_at,lifted_reason}'::text[]) then
    raise exception 'a hold is lifted once and never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger licence_hold_stays before update or delete on contracts.licence_hold for each row execute function contracts.refuse_hold_change();
create trigger licence_hold_is_kept before truncate on contracts.licence_hold for each statement execute function shared.refuse_change();
select shared.guard('contracts.licence_hold', '{vendor_id,buyer_id}');

insert into contracts.licence_hold (id, licence_id, vendor_id, buyer_id, cause, reason, decision_id, placed_at)
select gen_random_uuid(), id, vendor_id, buyer_id, suspended_by, state_reason, case when suspended_by = 'COMPLIANCE' then suspension_decision_id end, now() from contracts.licence where state = 'SUSPENDED';
alter table contracts.licence drop constraint licence_suspended, drop column suspended_by, drop column suspension_decision_id;
-- A licence that rests without a cause, or delivers in spite of one, is a defect: seen when the transaction ends, whoever wrote.
create function contracts.check_holds() returns trigger language plpgsql security definer set search_path = pg_catalog, contracts as $$
declare
  held text; open_holds bigint; asked uuid;
begin
  if tg_table_name = 'licence' then asked := new.id; else asked := new.licence_id; end if;
  select state into held from contracts.licence where id = asked;
  select count(*) into open_holds from contracts.licence_hold where licence_id = asked and lifted_at is null;
  if (held = 'SUSPENDED') <> (open_holds > 0) then
    raise exception 'licence % is % with % open holds', asked, held, open_holds using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger licence_holds_fit after insert or update of state on contracts.licence deferrable initially deferred for each row execute function contracts.check_holds();
create constraint trigger licence_hold_fits after insert or update on contracts.licence_hold deferrable initially deferred for each row execute function contracts.check_holds();
