-- What goes back to a buyer through the provider that took his payment. The row has the id of its reversal: one of each.
create table billing.refund (
  id uuid primary key,
  trade_id uuid not null,
  buyer_id uuid not null,
  vendor_id uuid not null,
  payment_id uuid not null references billing.payment (id),
  provider text not null check (length(provider) between 1 and 40),
  -- The provider's name for the payment that it refunds.
  payment_reference text not null check (length(payment_reference) between 1 and 200),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor > 0),
  state text not null check (state in ('INTENT', 'PROCESSING', 'SUCCEEDED', 'FAILED')),
  -- Each order after a failure is another one for the provider.
  attempt int not null check (attempt > 0),
  provider_reference text check (length(provider_reference) between 1 and 200),
  failure text check (length(failure) between 1 and 500),
  problem text check (length(problem) <= 1000),
  attempts int not null check (attempts >= 0),
  next_check_at timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((state in ('SUCCEEDED', 'FAILED')) = (ended_at is not null)),
  check ((state = 'FAILED') = (failure is not null))
);
create index refund_of_trade on billing.refund (trade_id, id);
create index refund_by_buyer on billing.refund (buyer_id, id desc);
create index refund_by_vendor on billing.refund (vendor_id, id desc);
create index refund_due on billing.refund (next_check_at) where state in ('INTENT', 'PROCESSING');
create index refund_failed on billing.refund (id) where state = 'FAILED';
create unique index refund_by_reference on billing.refund (provider, provider_reference) where provider_reference is not null;
select shared.guard('billing.refund', '{buyer_id,vendor_id}');

-- Credit notes: issued like invoices, numbered in a series of their own, each naming the invoice that it corrects and the reversal that it is for.
do $$
declare found record;
begin
  for found in select conname from pg_constraint where conrelid = 'billing.invoice'::regclass and contype = 'u' and pg_get_constraintdef(oid) = 'UNIQUE (trade_id, kind)' loop
    execute format('alter table billing.invoice drop constraint %I', found.conname);
  end loop;
end $$;
alter table billing.invoice
  drop constraint invoice_kind,
  add constraint invoice_kind check (kind in ('PURCHASE', 'SUBSCRIPTION', 'USAGE', 'COMMISSION', 'CREDIT_NOTE', 'COMMISSION_CREDIT_NOTE')),
  add column corrects_id uuid references billing.invoice (id),
  add column corrects jsonb,
  add column reversal_id uuid,
  add constraint invoice_corrects check ((kind in ('CREDIT_NOTE', 'COMMISSION_CREDIT_NOTE')) = (corrects_id is not null) and (corrects_id is null) = (corrects is null) and (corrects_id is null) = (reversal_id is null));
create unique index invoice_once on billing.invoice (trade_id, kind) where corrects_id is null;
create unique index credit_note_once on billing.invoice (corrects_id, reversal_id) where corrects_id is not null;
create index credit_notes_of_trade on billing.invoice (trade_id) where corrects_id is not null;

-- At commit: what is credited of an invoice is never more than it asked for, whoever writes.
create function billing.check_credit_notes() returns trigger language plpgsql security definer set search_path = pg_catalog, billing as $$
declare
  asked billing.invoice; net numeric; tax numeric;
begin
  select * into asked from billing.invoice where id = new.corrects_id for no key update;
  select sum(net_minor), sum(tax_minor) into net, tax from billing.invoice where corrects_id = new.corrects_id;
  if asked.corrects_id is not null or asked.currency <> new.currency or asked.issuer_id <> new.issuer_id or asked.customer_id <> new.customer_id or net > asked.net_minor or tax > asked.tax_minor then
    raise exception 'credit notes over % % are more than invoice % asked for', net, tax, new.corrects_id using errcode = 'check_violation', constraint = 'credited_at_the_most_what_was_asked';
  end if;
  return null;
end $$;
revoke all on function billing.check_credit_notes() from public;
create constraint trigger credit_note_is_covered after insert on billing.invoice deferrable initially deferred for each row when (new.corrects_id is not null) execute function billing.check_credit_notes();
