-- Trades that go back: in part or whole, before and after their vendor was paid. What was agreed and what was booked stays as it is; what goes back is written beside it.
do $$
declare found record;
begin
  for found in select conname from pg_constraint where conrelid = 'settlement.trade'::regclass and contype = 'c' and pg_get_constraintdef(oid) ~ '\mstate\M' loop
    execute format('alter table settlement.trade drop constraint %I', found.conname);
  end loop;
end $$;
alter table settlement.trade
  -- What went back of each amount.
  add column reversed_net_minor bigint not null default 0,
  add column reversed_tax_minor bigint not null default 0,
  add column reversed_commission_minor bigint not null default 0,
  add column reversed_commission_tax_minor bigint not null default 0,
  -- The state to which a dispute, or a freeze, is to lead back.
  add column disputed_from text,
  add column frozen_from text,
  add column unwound_at timestamptz,
  add constraint trade_reversed check (reversed_net_minor between 0 and net_minor and reversed_tax_minor between 0 and tax_minor
    and reversed_commission_minor between 0 and least(commission_minor, reversed_net_minor) and reversed_commission_tax_minor between 0 and least(commission_tax_minor, reversed_commission_minor)),
  add constraint trade_state check (state in ('EXECUTED', 'AWAITING_PAYMENT', 'FUNDED', 'DELIVERED', 'ACCEPTED', 'CLEARED', 'SETTLED', 'DISPUTED', 'FROZEN', 'UNWOUND', 'CANCELLED')),
  -- I5: nobody is paid before the buyer's money is in and the delivery is accepted.
  add constraint trade_funded check (state not in ('FUNDED', 'ACCEPTED', 'CLEARED', 'SETTLED', 'DISPUTED', 'FROZEN', 'UNWOUND') or (funded_at is not null and payment_id is not null)),
  add constraint trade_accepted check (state not in ('ACCEPTED', 'CLEARED', 'SETTLED') or (delivered_at is not null and accepted_at is not null)),
  add constraint trade_cleared check ((cleared_at is null or (delivered_at is not null and accepted_at is not null)) and (state not in ('CLEARED', 'SETTLED') or cleared_at is not null)
    and (cleared_at is null or state in ('CLEARED', 'SETTLED', 'FROZEN', 'UNWOUND'))),
  add constraint trade_paid_out check (payout_id is null or cleared_at is not null),
  add constraint trade_settled check ((state <> 'SETTLED' or settled_at is not null) and (settled_at is null or state in ('SETTLED', 'UNWOUND'))),
  add constraint trade_cancelled check (state <> 'CANCELLED' or funded_at is null),
  add constraint trade_disputed check ((disputed_from is not null) = (state = 'DISPUTED' or coalesce(frozen_from, '') = 'DISPUTED') and (disputed_from is null or disputed_from in ('FUNDED', 'DELIVERED'))),
  add constraint trade_frozen check ((frozen_from is not null) = (state = 'FROZEN') and (frozen_from is null or frozen_from in ('FUNDED', 'DELIVERED', 'ACCEPTED', 'CLEARED', 'DISPUTED'))),
  -- What is unwound has gone back whole.
  add constraint trade_unwound check ((state = 'UNWOUND') = (unwound_at is not null) and (state <> 'UNWOUND' or (reversed_net_minor = net_minor and reversed_tax_minor = tax_minor)));

insert into settlement.account_kind (kind, normal_side, least_owed_minor, most_owed_minor, description) values
  ('REFUND_IN_TRANSIT', 'CREDIT', 0, null, 'What goes back to a buyer and has not arrived.');
insert into settlement.journal_kind (kind, subject, description) values
  ('REVERSE', 'TRADE', 'What goes back of a trade leaves escrow; once it was cleared, whoever had a share gives it back.'),
  ('REFUND_CONFIRMED', 'TRADE', 'A refund has left the provider.'),
  ('REFUND_RETURNED', 'TRADE', 'A refund came back to the provider: it is owed to the buyer again.');

-- What went back of a trade, and why. Written once.
create table settlement.reversal (
  id uuid primary key,
  trade_id uuid not null references settlement.trade (id),
  vendor_id uuid not null,
  buyer_id uuid not null,
  cause text not null check (cause in ('REFUND', 'DISPUTE', 'UNWINDING', 'CHARGEBACK')),
  reason text not null check (length(reason) between 3 and 1000),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  net_minor bigint not null check (net_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0 and net_minor + tax_minor > 0),
  commission_minor bigint not null check (commission_minor between 0 and net_minor),
  commission_tax_minor bigint not null check (commission_tax_minor between 0 and commission_minor),
  -- Whether the trade was cleared by then: what the vendor owes of it is his share.
  after_clearing boolean not null,
  clawback_minor bigint not null check (clawback_minor = case when after_clearing then net_minor - commission_minor else 0 end),
  made_by text not null check (length(made_by) between 1 and 300),
  made_at timestamptz not null
);
create index reversal_of_trade on settlement.reversal (trade_id, id);
create index reversal_to_cover on settlement.reversal (vendor_id, currency, id) where clawback_minor > 0;
create trigger reversal_is_history before update or delete on settlement.reversal for each row execute function shared.refuse_change();
create trigger reversal_is_kept before truncate on settlement.reversal for each statement execute function shared.refuse_change();

-- At commit: what a trade says that went back is the sum of its reversals.
create function settlement.check_reversals() returns trigger language plpgsql security definer set search_path = pg_catalog, settlement as $$
declare
  trade uuid := case when tg_table_name = 'reversal' then (to_jsonb(new) ->> 'trade_id')::uuid else (to_jsonb(new) ->> 'id')::uuid end;
begin
  if exists (
    select 1 from settlement.trade t left join settlement.reversal r on r.trade_id = t.id where t.id = trade group by t.id
    having (t.reversed_net_minor, t.reversed_tax_minor, t.reversed_commission_minor, t.reversed_commission_tax_minor)
      is distinct from (coalesce(sum(r.net_minor), 0), coalesce(sum(r.tax_minor), 0), coalesce(sum(r.commission_minor), 0), coalesce(sum(r.commission_tax_minor), 0))
  ) then
    raise exception 'what went back of trade % is not the sum of its reversals', trade using errcode = 'check_violation', constraint = 'trade_is_reversed_by_its_reversals';
  end if;
  return null;
end $$;
revoke all on function settlement.check_reversals() from public;
create constraint trigger reversal_is_counted after insert on settlement.reversal deferrable initially deferred for each row execute function settlement.check_reversals();
create constraint trigger trade_is_reversed_by_reversals after update of reversed_net_minor, reversed_tax_minor, reversed_commission_minor, reversed_commission_tax_minor on settlement.trade
  deferrable initially deferred for each row execute function settlement.check_reversals();

select shared.guard('settlement.reversal', '{vendor_id,buyer_id}');
