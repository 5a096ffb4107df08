-- What was counted is never changed; what was counted wrongly is corrected by an event that brings the difference, below zero where it was too much.
do $$
declare found record;
begin
  for found in select conrelid::regclass as guarded, conname from pg_constraint where contype = 'c' and conrelid in ('metering.usage_event'::regclass, 'billing.billed_usage'::regclass) and pg_get_constraintdef(oid) like '%quantity > 0%' loop
    execute format('alter table %s drop constraint %I', found.guarded, found.conname);
  end loop;
  for found in select conrelid::regclass as guarded, conname from pg_constraint where contype = 'c' and conrelid = 'billing.charge'::regclass and (pg_get_constraintdef(oid) like '%quantity >= 0%' or pg_get_constraintdef(oid) like '%net_minor >= 0%') loop
    execute format('alter table %s drop constraint %I', found.guarded, found.conname);
  end loop;
  for found in select conname from pg_constraint where contype = 'c' and conrelid = 'billing.credit'::regclass and (pg_get_constraintdef(oid) like '%REST%' or pg_get_constraintdef(oid) like '%(days > 0)%') loop
    execute format('alter table billing.credit drop constraint %I', found.conname);
  end loop;
  for found in select conrelid::regclass as guarded, conname from pg_constraint where contype = 'f' and conrelid in ('billing.billed_usage'::regclass, 'billing.charge'::regclass) and confrelid = 'billing.usage_period'::regclass loop
    execute format('alter table %s drop constraint %I', found.guarded, found.conname);
  end loop;
end $$;
alter table metering.usage_event add constraint usage_event_quantity check (quantity > 0 or (quantity < 0 and source = 'urn:entrepot:correction'));
alter table billing.billed_usage add constraint billed_usage_quantity check (quantity > 0 or (quantity < 0 and source = 'urn:entrepot:correction'));
alter table billing.charge add constraint charge_of_trial check (period >= 0 or net_minor = 0);
-- CORRECTION: use that was charged and had been counted too high; it is not of days.
alter table billing.credit add constraint credit_cause check (cause in ('REST', 'UNUSED', 'CORRECTION')), add constraint credit_days check (days > 0 or (days = 0 and cause = 'CORRECTION'));

-- What charges are made under: a closing that is invoiced, or a correction of what was.
create table billing.closing (
  id uuid primary key,
  licence_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null
);
insert into billing.closing (id, licence_id, vendor_id, buyer_id) select id, licence_id, vendor_id, buyer_id from billing.usage_period;
alter table billing.billed_usage add constraint billed_usage_closing foreign key (period_id) references billing.closing (id) deferrable initially deferred;
alter table billing.charge add constraint charge_closing foreign key (closing_id) references billing.closing (id);
create trigger closing_is_history before update or delete on billing.closing for each row execute function shared.refuse_change();
create trigger closing_is_kept before truncate on billing.closing for each statement execute function shared.refuse_change();

create table billing.usage_correction (
  id uuid primary key,
  licence_id uuid not null,
  agreement_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  -- Of the event that it is about.
  source text not null check (source <> 'urn:entrepot:correction'),
  event_id text not null,
  meter text not null check (meter ~ '^[a-z][a-z0-9_]{1,39}$'),
  -- What stood, with corrections of before, and what is right.
  before bigint not null check (before >= 0),
  quantity bigint not null check (quantity >= 0 and quantity <> before),
  reason text not null check (length(reason) between 1 and 5000),
  side text not null check (side in ('VENDOR', 'BUYER')),
  proposed_by text not null,
  -- Whether it had been charged: then the other side says yes first.
  charged boolean not null,
  state text not null check (state in ('PROPOSED', 'APPLIED', 'REJECTED', 'WITHDRAWN')),
  proposed_at timestamptz not null,
  decided_by text,
  decided_reason text check (length(decided_reason) between 1 and 5000),
  decided_at timestamptz,
  -- What was given back for it, net of tax.
  credit_id uuid,
  check ((state = 'PROPOSED') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null))
);
create unique index usage_correction_open_once on billing.usage_correction (vendor_id, source, event_id) where state = 'PROPOSED';
create index usage_correction_of_licence on billing.usage_correction (licence_id, id);
create index usage_correction_of_event on billing.usage_correction (vendor_id, source, event_id);
create function billing.refuse_correction_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'PROPOSED' or (to_jsonb(new) - '{state,decided_by,decided_reason,decided_at,credit_id}'::text[]) is distinct from (to_jsonb(old) - '{state,decided_by,decided_reason,decided_at,credit_id}'::text[]) then
    raise exception 'a correction is decided once and never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger usage_correction_stays before update or delete on billing.usage_correction for each row execute function billing.refuse_correction_change();
create trigger usage_correction_is_kept before truncate on billing.usage_correction for each statement execute function shared.refuse_change();
select shared.guard('billing.closing', '{vendor_id,buyer_id}'), shared.guard('billing.usage_correction', '{vendor_id,buyer_id}');
