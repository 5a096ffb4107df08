-- Licences that renew: each period is opened once, with what is paid in advance for it, and closed once, with what was used in it.
do $$
declare found record;
begin
  for found in select conrelid::regclass as owner, conname from pg_constraint where contype = 'c' and (
      (conrelid = 'settlement.trade'::regclass and pg_get_constraintdef(oid) like '%kind = ANY%') or (conrelid = 'billing.invoice'::regclass and pg_get_constraintdef(oid) like '%kind = ANY%')
      or (conrelid = 'billing.invoice_line'::regclass and pg_get_constraintdef(oid) like '%length(description)%')) loop
    execute format('alter table %s drop constraint %I', found.owner, found.conname);
  end loop;
end $$;
alter table settlement.trade add constraint trade_kind check (kind in ('PURCHASE', 'SUBSCRIPTION', 'USAGE'));
alter table billing.invoice add constraint invoice_kind check (kind in ('PURCHASE', 'SUBSCRIPTION', 'USAGE', 'COMMISSION'));
-- A line with twenty tiers says how it comes about.
alter table billing.invoice_line add constraint invoice_line_description check (length(description) between 1 and 2000);

-- What comes next for a licence, and when. A process that dies has lost nothing.
create table billing.schedule (
  licence_id uuid primary key,
  agreement_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  -- The period that begins at `due_at`; the one before it ends then.
  next_period int not null check (next_period >= 0),
  -- Null: nothing comes any more.
  due_at timestamptz,
  -- When it is looked at: `due_at`, or later while the licence rests.
  check_at timestamptz,
  created_at timestamptz not null,
  check ((due_at is null) = (check_at is null))
);
create index schedule_due on billing.schedule (check_at) where check_at is not null;

-- A period that was begun, and what was asked for in advance for it.
create table billing.opened_period (
  licence_id uuid not null references billing.schedule (licence_id),
  period int not null check (period >= 0),
  -- Null: nothing is paid in advance.
  trade_id uuid unique,
  opened_at timestamptz not null,
  -- Until then it is to be paid; null: it is, nothing is to be paid, or the licence rests for it.
  pay_until timestamptz,
  held_at timestamptz,
  paid_at timestamptz,
  primary key (licence_id, period),
  check (trade_id is not null or num_nonnulls(pay_until, held_at, paid_at) = 0)
);
create index opened_period_overdue on billing.opened_period (pay_until) where pay_until is not null;
create function billing.refuse_opened_period_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.paid_at is not null or (to_jsonb(new) - '{pay_until,held_at,paid_at}'::text[]) is distinct from (to_jsonb(old) - '{pay_until,held_at,paid_at}'::text[]) then
    raise exception 'a period is opened once, and paid once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger opened_period_stays before update or delete on billing.opened_period for each row execute function billing.refuse_opened_period_change();
create trigger opened_period_is_kept before truncate on billing.opened_period for each statement execute function shared.refuse_change();

-- What a closing charged, by period and component of the plan; -1: the minimum commitment. Together they are what was charged so far.
create table billing.charge (
  closing_id uuid not null references billing.usage_period (id),
  licence_id uuid not null,
  -- -1: the trial.
  period int not null check (period >= -1),
  component int not null check (component >= -1),
  meter text check (meter ~ '^[a-z][a-z0-9_]{1,39}$'),
  quantity bigint not null check (quantity >= 0),
  net_minor bigint not null check (net_minor >= 0 and (period >= 0 or net_minor = 0)),
  primary key (closing_id, period, component),
  check ((component = -1) = (meter is null))
);
create index charge_of_licence on billing.charge (licence_id, period, component);
create trigger charge_is_history before update or delete on billing.charge for each row execute function shared.refuse_change();
create trigger charge_is_kept before truncate on billing.charge for each statement execute function shared.refuse_change();
-- Before there were plans with several prices, downloads had one: the second part of the plan that says the same.
insert into billing.charge (closing_id, licence_id, period, component, meter, quantity, net_minor)
  select p.id, p.licence_id, 0, 1, p.meter, p.quantity, i.net_minor from billing.usage_period p join billing.invoice i on i.id = p.invoice_id;
alter table billing.usage_period drop column meter, drop column unit_price, drop column quantity, drop constraint if exists usage_period_event_count_check, add constraint usage_period_events check (event_count >= 0);
-- Licences of before are closed for the last time when they end.
insert into billing.schedule (licence_id, agreement_id, vendor_id, buyer_id, next_period, due_at, check_at, created_at)
  select l.id, l.agreement_id, l.vendor_id, l.buyer_id, 1, l.valid_until, l.valid_until, now() from contracts.licence l join contracts.agreement a on a.id = l.agreement_id
  where l.state in ('ACTIVE', 'SUSPENDED') and jsonb_path_exists(a.plan, '$.components[*] ? (@.kind == "USAGE")');

select shared.guard('billing.schedule', '{vendor_id,buyer_id}'), shared.guard('billing.opened_period', '{}', 'exists (select 1 from billing.schedule s where s.licence_id = opened_period.licence_id)'),
  shared.guard('billing.charge', '{}', 'exists (select 1 from billing.usage_period p where p.id = closing_id)');
