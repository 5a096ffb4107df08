-- What an account may hold is data. `owed` is what the exchange owes on it: credits less debits. Null: no limit.
create table settlement.account_kind (
  kind text primary key check (kind ~ '^[A-Z][A-Z_]{2,39}$'),
  normal_side text not null check (normal_side in ('DEBIT', 'CREDIT')),
  least_owed_minor numeric(30),
  most_owed_minor numeric(30),
  description text not null check (length(description) between 1 and 300),
  check (least_owed_minor is null or most_owed_minor is null or least_owed_minor <= most_owed_minor)
);
insert into settlement.account_kind (kind, normal_side, least_owed_minor, most_owed_minor, description) values
  ('PAYMENT_CLEARING', 'DEBIT', null, null, 'Money at a payment provider or bank; its qualifier is the provider.'),
  ('ESCROW', 'CREDIT', 0, null, 'A buyer''s money, held until his trades are cleared.'),
  ('BUYER_BALANCE', 'CREDIT', 0, null, 'What a buyer has paid in before he buys.'),
  ('CREDIT_LINE', 'DEBIT', 0, 0, 'What a buyer owes who pays later; nothing beyond the line that he was granted.'),
  ('RECEIVABLE', 'DEBIT', null, 0, 'What a buyer was invoiced and has not paid.'),
  ('PAYABLE', 'CREDIT', 0, null, 'What a vendor, or another who has a share, is owed.'),
  ('PAYOUT_IN_TRANSIT', 'CREDIT', 0, null, 'What is on its way to a bank account.'),
  ('RESERVE', 'CREDIT', 0, null, 'What is held back from a vendor for claims that may come.'),
  ('VENDOR_RECEIVABLE', 'DEBIT', null, 0, 'What a vendor owes after he was paid: his negative balance.'),
  ('DISPUTE_HELD', 'CREDIT', 0, null, 'Money of a trade that is disputed or frozen.'),
  ('CHARGEBACK', 'DEBIT', null, 0, 'What a payment provider took back, until it is recovered or lost.'),
  ('COMMISSION_REVENUE', 'CREDIT', null, null, 'What the exchange has earned, without tax.'),
  ('TAX_PAYABLE', 'CREDIT', null, null, 'Tax that was charged; its qualifier is the jurisdiction.'),
  ('PROVIDER_FEES', 'DEBIT', null, null, 'What providers charged; its qualifier is the provider.'),
  ('BAD_DEBT', 'DEBIT', null, null, 'What could not be recovered.'),
  ('SERVICE_CREDITS', 'DEBIT', null, null, 'What the exchange itself paid for promises that were not kept.'),
  ('FX_CLEARING', 'CREDIT', null, null, 'The bridge between the currencies of one journal.'),
  ('ROUNDING', 'CREDIT', null, null, 'Parts of a minor unit that nobody has.'),
  ('SUSPENSE', 'CREDIT', null, null, 'What a provider reports and nothing explains yet.');

-- Which journals there are, and what each must name.
create table settlement.journal_kind (
  kind text primary key check (kind ~ '^[A-Z][A-Z_]{2,39}$'),
  subject text not null check (subject in ('TRADE', 'PAYOUT', 'REFERENCE')),
  description text not null check (length(description) between 1 and 300)
);
insert into settlement.journal_kind (kind, subject, description) values
  ('FUND', 'TRADE', 'The buyer''s money is in: provider to escrow.'),
  ('CLEAR', 'TRADE', 'Escrow is split among vendor, exchange and authorities.'),
  ('PAYOUT_SENT', 'PAYOUT', 'A payout was ordered.'),
  ('PAYOUT_CONFIRMED', 'PAYOUT', 'A payout has arrived.'),
  ('PAYOUT_RETURNED', 'PAYOUT', 'A payout was refused: the vendor is owed again.');

-- Partitions of months that were missing take what lies in the default one.
drop trigger posting_is_history on settlement.posting;
drop trigger posting_balances on settlement.posting;
drop function settlement.check_postings();
set local timezone to 'UTC';
alter table settlement.posting detach partition settlement.posting_default;
do $$
declare month date; part text;
begin
  for month in select distinct date_trunc('month', recorded_at)::date from settlement.posting_default loop
    part := format('posting_%s', to_char(month, 'YYYY_MM'));
    execute format('create table settlement.%I partition of settlement.posting for values from (%L) to (%L)', part, month, (month + interval '1 month')::date);
    execute format('revoke all on settlement.%I from entrepot_app', part);
  end loop;
end $$;
insert into settlement.posting select * from settlement.posting_default;
drop table settlement.posting_default;
create table settlement.posting_default partition of settlement.posting default;
revoke all on settlement.posting_default from entrepot_app;

-- `effective_at`: from when it counts. `recorded_at`: since when the books say so. Kept on each posting, so that a balance is read from one table.
alter table settlement.posting add column effective_at timestamptz;
update settlement.posting p set effective_at = j.effective_at from settlement.journal j where j.id = p.journal_id;
alter table settlement.posting
  alter column effective_at set not null,
  add constraint posting_effective check (effective_at <= recorded_at),
  add constraint posting_amount check (amount_minor between -1000000000000000 and 1000000000000000),
  drop constraint posting_pkey,
  add primary key (account_id, recorded_at, journal_id, line) include (amount_minor);
-- Few postings count from before they were recorded; a balance of the past looks at them alone.
create index posting_backdated on settlement.posting (account_id, recorded_at) include (effective_at, amount_minor) where effective_at < recorded_at;
-- Postings lie in the order in which they are recorded: a stretch of time is found without a tree.
create index posting_by_time on settlement.posting using brin (recorded_at) with (pages_per_range = 16, autosummarize = on);

alter table settlement.account drop constraint account_kind_check, add constraint account_kind foreign key (kind) references settlement.account_kind (kind);
-- What one account may hold beyond its kind, as a credit line is granted. The latest counts; null: as its kind.
create table settlement.account_limit (
  account_id uuid not null references settlement.account (id),
  set_at timestamptz not null,
  least_owed_minor numeric(30),
  most_owed_minor numeric(30),
  primary key (account_id, set_at)
);
create trigger account_limit_is_history before update or delete on settlement.account_limit for each row execute function shared.refuse_change();
create trigger account_limit_is_kept before truncate on settlement.account_limit for each statement execute function shared.refuse_change();

-- Accounts of a kind with a limit keep their balance; those of other kinds are inserted into and never locked.
drop trigger account_is_guarded on settlement.account;
drop function settlement.guard_account();
alter table settlement.guarded_balance drop constraint guarded_balance_owed_minor_check, alter column owed_minor type numeric(30);
create function settlement.guard_accounts() returns trigger language plpgsql security definer set search_path = pg_catalog, settlement, pg_temp as $$
begin
  insert into settlement.guarded_balance (account_id, owed_minor)
    select c.id, 0 from created c join settlement.account_kind k on k.kind = c.kind where k.least_owed_minor is not null or k.most_owed_minor is not null;
  return null;
end $$;
create trigger accounts_are_guarded after insert on settlement.account referencing new table as created for each statement execute function settlement.guard_accounts();
-- Written by the rules alone, whoever posts.
revoke insert, update, delete on settlement.guarded_balance, settlement.account_kind, settlement.journal_kind from entrepot_app;

-- One row. Nothing is recorded before `announced_until`; nothing becomes effective before `open_from`: those periods are closed.
create table settlement.ledger_clock (
  only_one boolean primary key default true check (only_one),
  rolled_until timestamptz not null,
  announced_until timestamptz not null check (announced_until >= rolled_until),
  -- Transactions from this one on have seen `announced_until`.
  barrier bigint,
  open_from timestamptz not null
);
insert into settlement.ledger_clock (rolled_until, announced_until, open_from) values ('-infinity', '-infinity', '-infinity');
create trigger ledger_clock_is_kept before delete or truncate on settlement.ledger_clock for each statement execute function shared.refuse_change();
revoke insert, update, delete on settlement.ledger_clock from entrepot_app;

-- The SHA-256 of all that a journal says, its postings in the order of their lines. Fields that might hold a separator come last, with their length.
create function settlement.posting_text(line int, account_id uuid, amount_minor bigint, currency text) returns text language sql immutable parallel safe return
  line::text || ':' || account_id::text || ':' || amount_minor::text || ':' || currency;
create function settlement.journal_digest(id uuid, idempotency_key text, kind text, trade_id uuid, payout_id uuid, reference_type text, reference_id uuid, effective_at timestamptz, recorded_at timestamptz, postings text)
returns bytea language sql stable parallel safe return
  sha256(convert_to(concat_ws('|', 'journal.v1', id::text, kind, coalesce(trade_id::text, '-'), coalesce(payout_id::text, '-'), coalesce(reference_type, '-'), coalesce(reference_id::text, '-'),
    (extract(epoch from effective_at) * 1000000)::bigint::text, (extract(epoch from recorded_at) * 1000000)::bigint::text, postings, length(idempotency_key)::text, idempotency_key), 'UTF8'));

drop trigger journal_is_history on settlement.journal;
do $$
declare found record;
begin
  for found in select conname from pg_constraint where conrelid = 'settlement.journal'::regclass and contype = 'c' and (pg_get_constraintdef(oid) like '%kind = ANY%' or pg_get_constraintdef(oid) like '%num_nonnulls%') loop
    execute format('alter table settlement.journal drop constraint %I', found.conname);
  end loop;
end $$;
alter table settlement.journal
  -- What else it is about: a top-up, a dispute, a refund.
  add column reference_type text check (reference_type ~ '^[A-Z][A-Z_]{2,39}$'),
  add column reference_id uuid,
  add column digest bytea check (length(digest) = 32);
update settlement.journal j set digest = settlement.journal_digest(j.id, j.idempotency_key, j.kind, j.trade_id, j.payout_id, null, null, j.effective_at, j.recorded_at,
  (select string_agg(settlement.posting_text(p.line, p.account_id, p.amount_minor, p.currency), ';' order by p.line) from settlement.posting p where p.journal_id = j.id and p.recorded_at = j.recorded_at));
alter table settlement.journal
  alter column digest set not null,
  add constraint journal_effective check (effective_at <= recorded_at),
  add constraint journal_reference check ((reference_type is null) = (reference_id is null)),
  add constraint journal_subject check (num_nonnulls(trade_id, payout_id, reference_id) > 0);
create index journal_by_reference on settlement.journal (reference_id) where reference_id is not null;
create index journal_by_time on settlement.journal (recorded_at, id);
create trigger journal_is_history before update or delete on settlement.journal for each row execute function shared.refuse_change();
create trigger posting_is_history before update or delete on settlement.posting for each row execute function shared.refuse_change();

select shared.guard('settlement.account_kind', '{}', 'true'), shared.guard('settlement.journal_kind', '{}', 'true'), shared.guard('settlement.ledger_clock', '{}', 'true'),
  shared.guard('settlement.account_limit', '{}', 'exists (select 1 from settlement.account a where a.id = account_id and a.owner_id = (select shared.tenant()))');
-- Who has a posting of a journal sees what it was for.
drop policy reads on settlement.journal;
create policy reads on settlement.journal for select to entrepot_app using ((select shared.reads_all())
  or exists (select 1 from settlement.posting p where p.journal_id = journal.id and p.recorded_at = journal.recorded_at));
