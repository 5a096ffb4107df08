-- Money that a payer takes back at the provider: taken at once, given back where the exchange is right, gone where it is not.
insert into settlement.journal_kind (kind, subject, description) values
  ('CHARGEBACK_TAKEN', 'TRADE', 'The provider has taken back a payment.'),
  ('CHARGEBACK_WON', 'TRADE', 'The provider has given it back.'),
  ('CHARGEBACK_LOST', 'TRADE', 'It is gone: what goes back of the trade has reached the payer so; what had been refunded besides is lost.');

create table billing.chargeback (
  id uuid primary key,
  provider text not null check (length(provider) between 1 and 40),
  provider_reference text not null check (length(provider_reference) between 1 and 200),
  payment_id uuid not null references billing.payment (id),
  trade_id uuid not null,
  buyer_id uuid not null,
  vendor_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null check (length(reason) between 1 and 200),
  state text not null check (state in ('OPEN', 'WON', 'LOST')),
  opened_at timestamptz not null,
  ended_at timestamptz,
  unique (provider, provider_reference),
  check ((state = 'OPEN') = (ended_at is null))
);
create index chargeback_of_trade on billing.chargeback (trade_id, id);
create index chargeback_of_vendor on billing.chargeback (vendor_id, id desc);
create index chargeback_of_buyer on billing.chargeback (buyer_id, id desc);
select shared.guard('billing.chargeback', '{buyer_id,vendor_id}');
