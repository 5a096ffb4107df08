create schema settlement;

-- Whose money it is, of which kind, in which currency. `owner_id` is an organisation, the exchange's own included.
create table settlement.account (
  id uuid primary key,
  owner_id uuid not null,
  kind text not null check (kind in ('PAYMENT_CLEARING', 'ESCROW', 'PAYABLE', 'COMMISSION_REVENUE', 'TAX_PAYABLE', 'PAYOUT_IN_TRANSIT')),
  -- The provider of PAYMENT_CLEARING, the jurisdiction of TAX_PAYABLE; empty elsewhere.
  qualifier text not null default '' check (length(qualifier) <= 40),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null,
  unique (owner_id, kind, qualifier, currency)
);
create trigger account_is_history before update or delete on settlement.account for each row execute function shared.refuse_change();
create trigger account_is_kept before truncate on settlement.account for each statement execute function shared.refuse_change();

-- What the exchange owes on the accounts that must never be overdrawn. Written by the trigger of posting alone.
create table settlement.guarded_balance (
  account_id uuid primary key references settlement.account (id),
  owed_minor bigint not null check (owed_minor >= 0)
);

create function settlement.guard_account() returns trigger language plpgsql as $$
begin
  insert into settlement.guarded_balance (account_id, owed_minor) values (new.id, 0);
  return null;
end $$;
create trigger account_is_guarded after insert on settlement.account
  for each row when (new.kind in ('ESCROW', 'PAYABLE', 'PAYOUT_IN_TRANSIT')) execute function settlement.guard_account();

create table settlement.journal (
  id uuid primary key,
  trade_id uuid,
  payout_id uuid,
  kind text not null check (kind in ('FUND', 'CLEAR', 'PAYOUT_SENT', 'PAYOUT_CONFIRMED', 'PAYOUT_RETURNED')),
  idempotency_key text not null unique check (length(idempotency_key) between 1 and 200),
  effective_at timestamptz not null,
  recorded_at timestamptz not null,
  check (num_nonnulls(trade_id, payout_id) = 1)
);
create index journal_by_trade on settlement.journal (trade_id) where trade_id is not null;
create index journal_by_payout on settlement.journal (payout_id) where payout_id is not null;
create trigger journal_is_history before update or delete on settlement.journal for each row execute function shared.refuse_change();
create trigger journal_is_kept before truncate on settlement.journal for each statement execute function shared.refuse_change();

-- Debit positive, credit negative. Distribution key: account_id. Partitioned by month. No foreign key to the hot account.
create table settlement.posting (
  account_id uuid not null,
  recorded_at timestamptz not null,
  journal_id uuid not null,
  line int not null check (line >= 0),
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  primary key (account_id, recorded_at, journal_id, line)
) partition by range (recorded_at);
create table settlement.posting_default partition of settlement.posting default;
create index posting_by_journal on settlement.posting (journal_id);
create trigger posting_is_history before update or delete on settlement.posting for each row execute function shared.refuse_change();
create trigger posting_is_kept before truncate on settlement.posting for each statement execute function shared.refuse_change();

-- Refuses postings that do not sum to zero per journal and currency, that name no account or an account of another currency,
-- and those that would overdraw escrow, payable or transit. Only those accounts are locked, in the order of their ids.
create function settlement.check_postings() returns trigger language plpgsql as $$
declare
  culprit record;
begin
  select journal_id, currency into culprit from posted group by journal_id, currency having sum(amount_minor) <> 0 limit 1;
  if found then
    raise exception 'journal % does not sum to zero in %', culprit.journal_id, culprit.currency using errcode = 'check_violation', constraint = 'journal_sums_to_zero';
  end if;
  select p.journal_id into culprit from posted p
    left join settlement.account a on a.id = p.account_id and a.currency = p.currency
    left join settlement.journal j on j.id = p.journal_id
    where a.id is null or j.id is null limit 1;
  if found then
    raise exception 'a posting of journal % has no journal, or no account of its currency', culprit.journal_id using errcode = 'check_violation', constraint = 'posting_has_account';
  end if;
  perform 1 from settlement.guarded_balance g where g.account_id in (select account_id from posted) order by g.account_id for no key update;
  update settlement.guarded_balance g set owed_minor = g.owed_minor - p.moved
    from (select account_id, sum(amount_minor) as moved from posted group by account_id) p where g.account_id = p.account_id;
  return null;
end $$;
create trigger posting_balances after insert on settlement.posting referencing new table as posted for each statement execute function settlement.check_postings();

create table settlement.clearing_cycle (
  id uuid primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  state text not null check (state in ('OPEN', 'CLOSED')),
  trade_count int not null default 0 check (trade_count >= 0),
  payout_count int not null default 0 check (payout_count >= 0),
  gross_minor bigint not null default 0 check (gross_minor >= 0),
  payout_minor bigint not null default 0 check (payout_minor >= 0 and payout_minor <= gross_minor),
  opened_at timestamptz not null,
  closed_at timestamptz,
  check ((state = 'CLOSED') = (closed_at is not null))
);
create index clearing_cycle_open on settlement.clearing_cycle (id) where state = 'OPEN';

create table settlement.payout (
  id uuid primary key,
  cycle_id uuid not null references settlement.clearing_cycle (id),
  vendor_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor > 0),
  state text not null check (state in ('PENDING', 'SENT', 'CONFIRMED', 'FAILED')),
  provider text not null check (length(provider) between 1 and 40),
  attempt int not null default 1 check (attempt between 1 and 100),
  next_call_at timestamptz not null,
  provider_reference text check (length(provider_reference) <= 200),
  failure text check (length(failure) <= 1000),
  created_at timestamptz not null,
  sent_at timestamptz,
  confirmed_at timestamptz,
  unique (cycle_id, vendor_id),
  check ((state = 'CONFIRMED') = (confirmed_at is not null)),
  check (state <> 'CONFIRMED' or provider_reference is not null)
);
create index payout_due on settlement.payout (next_call_at) where state in ('PENDING', 'SENT');

create table settlement.trade (
  id uuid primary key,
  -- What it executes: one trade per reference, however often its opening is asked for.
  reference text not null unique check (length(reference) between 1 and 200),
  kind text not null check (kind in ('PURCHASE', 'USAGE')),
  agreement_id uuid not null,
  licence_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null check (buyer_id <> vendor_id),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  net_minor bigint not null check (net_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  gross_minor bigint not null check (gross_minor = net_minor + tax_minor),
  tax_jurisdiction text not null check (tax_jurisdiction ~ '^[A-Z]{2}$'),
  tax_treatment jsonb not null,
  commission_basis_points int not null check (commission_basis_points between 0 and 10000),
  commission_minor bigint not null check (commission_minor between 0 and net_minor),
  commission_tax_minor bigint not null check (commission_tax_minor between 0 and commission_minor),
  commission_tax_jurisdiction text not null check (commission_tax_jurisdiction ~ '^[A-Z]{2}$'),
  commission_tax_treatment jsonb not null,
  state text not null check (state in ('EXECUTED', 'AWAITING_PAYMENT', 'FUNDED', 'DELIVERED', 'ACCEPTED', 'CLEARED', 'SETTLED', 'CANCELLED')),
  payment_id uuid,
  payment_provider text check (length(payment_provider) <= 40),
  accept_until timestamptz,
  cycle_id uuid references settlement.clearing_cycle (id),
  payout_id uuid references settlement.payout (id),
  executed_at timestamptz not null,
  funded_at timestamptz,
  delivered_at timestamptz,
  accepted_at timestamptz,
  cleared_at timestamptz,
  settled_at timestamptz,
  cancelled_at timestamptz,
  -- I5: nobody is paid before the buyer's money is in and the delivery is accepted.
  check (state not in ('FUNDED', 'ACCEPTED', 'CLEARED', 'SETTLED') or (funded_at is not null and payment_id is not null)),
  check (state not in ('ACCEPTED', 'CLEARED', 'SETTLED') or (delivered_at is not null and accepted_at is not null)),
  check ((state in ('CLEARED', 'SETTLED')) = (cleared_at is not null)),
  check (payout_id is null or state in ('CLEARED', 'SETTLED')),
  check ((state = 'SETTLED') = (settled_at is not null)),
  check (state <> 'CANCELLED' or funded_at is null)
);
create index trade_by_agreement on settlement.trade (agreement_id, id);
create index trade_by_vendor on settlement.trade (vendor_id, id desc);
create index trade_by_buyer on settlement.trade (buyer_id, id desc);
create index trade_to_clear on settlement.trade (currency, id) where state = 'ACCEPTED';
create index trade_to_accept on settlement.trade (accept_until) where state in ('FUNDED', 'DELIVERED') and accept_until is not null;
create index trade_by_cycle on settlement.trade (cycle_id) where cycle_id is not null;
create index trade_by_payout on settlement.trade (payout_id) where payout_id is not null;
