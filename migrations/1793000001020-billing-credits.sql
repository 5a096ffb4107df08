-- Who had a licence rest for a breach that staff finds unfounded bears it; else it was the buyer's doing.
alter table contracts.licence_hold add column unfounded boolean not null default false,
  add constraint licence_hold_unfounded check (not unfounded or (cause = 'BREACH' and lifted_at is not null));
create or replace function contracts.refuse_hold_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.lifted_at is not null or (to_jsonb(new) - '{lifted_at,lifted_reason,unfounded}'::text[]) is distinct from (to_jsonb(old) - '{lifted_at,lifted_reason,unfounded}'::text[]) then
    raise exception 'a hold is lifted once and never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- What a buyer has paid for and could not use, to be set off against what he is charged later. It is written once; what it was set off against is written beside it.
create table billing.credit (
  id uuid primary key,
  -- Whose charges it comes off.
  licence_id uuid not null,
  agreement_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  -- REST: days on which the licence rested and not by its buyer's doing. UNUSED: days that were left when another agreement took its place.
  cause text not null check (cause in ('REST', 'UNUSED')),
  -- Which licence it is about, which of its periods, and how many of its days.
  of_licence_id uuid not null,
  period int not null check (period >= 0),
  days int not null check (days > 0),
  of_days int not null check (of_days >= days),
  span_from timestamptz not null,
  span_until timestamptz not null check (span_until > span_from),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Net of tax.
  net_minor bigint not null check (net_minor > 0),
  given_at timestamptz not null,
  -- The agreement whose charges it came off came to nothing.
  voided_at timestamptz
);
create index credit_of_licence on billing.credit (licence_id, id);
create index credit_about_licence on billing.credit (of_licence_id, period);
-- What is left when one agreement takes the place of another is reckoned once for it.
create unique index credit_unused_once on billing.credit (licence_id, of_licence_id) where cause = 'UNUSED' and licence_id <> of_licence_id;

create table billing.credit_use (
  id uuid primary key,
  credit_id uuid not null references billing.credit (id),
  -- `subscription:<licence>:<period>`, `purchase:<agreement>`, or `credit:<credit>` where it went on to the licence of the agreement that follows.
  reference text not null check (length(reference) between 1 and 100),
  -- Null: it paid the whole charge, or went on.
  trade_id uuid,
  net_minor bigint not null check (net_minor > 0),
  used_at timestamptz not null,
  -- Until then a purchase that it was set off against is to be paid; null: it is, or need not.
  pay_until timestamptz,
  -- The charge was called off: it is open again.
  released_at timestamptz,
  unique (credit_id, reference)
);
create index credit_use_of_trade on billing.credit_use (trade_id) where trade_id is not null;
create index credit_use_to_lapse on billing.credit_use (pay_until) where pay_until is not null;

create function billing.refuse_credit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.voided_at is not null or (to_jsonb(new) - 'voided_at') is distinct from (to_jsonb(old) - 'voided_at') then
    raise exception 'a credit is never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function billing.refuse_credit_use_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.released_at is not null or (to_jsonb(new) - '{pay_until,released_at}'::text[]) is distinct from (to_jsonb(old) - '{pay_until,released_at}'::text[]) then
    raise exception 'what a credit was set off against is never changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
-- No credit is used twice, whoever writes: seen when the transaction ends.
create function billing.check_credit() returns trigger language plpgsql as $$
declare
  given bigint; used bigint;
begin
  select net_minor into given from billing.credit where id = new.credit_id for share;
  select coalesce(sum(net_minor), 0) into used from billing.credit_use where credit_id = new.credit_id and released_at is null;
  if used > given then
    raise exception 'credit % of % is set off for %', new.credit_id, given, used using errcode = 'check_violation', constraint = 'credit_is_used_once';
  end if;
  return null;
end $$;
create trigger credit_stays before update or delete on billing.credit for each row execute function billing.refuse_credit_change();
create trigger credit_is_kept before truncate on billing.credit for each statement execute function shared.refuse_change();
create trigger credit_use_stays before update or delete on billing.credit_use for each row execute function billing.refuse_credit_use_change();
create trigger credit_use_is_kept before truncate on billing.credit_use for each statement execute function shared.refuse_change();
create constraint trigger credit_is_used_once after insert or update on billing.credit_use deferrable initially deferred for each row execute function billing.check_credit();
select shared.guard('billing.credit', '{vendor_id,buyer_id}'), shared.guard('billing.credit_use', '{}', 'exists (select 1 from billing.credit c where c.id = credit_id)');

-- A set-off is a line of its own, below zero; what is to be paid never is.
do $$
declare found record;
begin
  for found in select conname from pg_constraint where contype = 'c' and conrelid = 'billing.invoice_line'::regclass and (pg_get_constraintdef(oid) like '%net_minor%' or pg_get_constraintdef(oid) like '%unit_price%') loop
    execute format('alter table billing.invoice_line drop constraint %I', found.conname);
  end loop;
end $$;
alter table billing.invoice_line add constraint invoice_line_unit_price check (unit_price ~ '^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$'),
  add constraint invoice_line_set_off check (net_minor >= 0 or (quantity = 1 and unit_price like '-%'));
