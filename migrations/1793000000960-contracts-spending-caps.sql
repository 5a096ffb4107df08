-- What a buyer means to spend on a licence at the most. Its row is locked by whoever grants what costs something, so it is changed in place and never
-- goes; the audit log keeps what it was.
create table contracts.spending_cap (
  licence_id uuid primary key references contracts.licence (id),
  buyer_id uuid not null,
  -- Another one with each change: what was told of the one before is not what is told of this.
  cap_id uuid not null unique,
  -- Null: lifted.
  amount_minor bigint check (amount_minor between 1 and 999999999999999),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  period text not null check (period in ('MONTH', 'LICENCE_PERIOD')),
  hard boolean not null,
  set_at timestamptz not null
);
create index spending_cap_of_buyer on contracts.spending_cap (buyer_id, cap_id) where amount_minor is not null;
create trigger spending_cap_is_kept before delete or truncate on contracts.spending_cap for each statement execute function shared.refuse_change();

-- What was told of a cap, each once in a period.
create table contracts.spending_notice (
  cap_id uuid not null,
  period_from timestamptz not null,
  percent int not null check (percent in (50, 80, 100)),
  licence_id uuid not null references contracts.licence (id),
  buyer_id uuid not null,
  spent_minor bigint not null check (spent_minor > 0),
  told_at timestamptz not null,
  primary key (cap_id, period_from, percent)
);
create trigger spending_notice_is_history before update or delete on contracts.spending_notice for each row execute function shared.refuse_change();
create trigger spending_notice_is_kept before truncate on contracts.spending_notice for each statement execute function shared.refuse_change();
select shared.guard('contracts.spending_cap', '{buyer_id}'), shared.guard('contracts.spending_notice', '{buyer_id}');
-- What may still be taken is counted with each grant: tokens that are open.
create index delivery_open_of_licence on delivery.delivery (licence_id) where state = 'OPEN';
