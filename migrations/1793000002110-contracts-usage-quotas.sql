-- How much of a meter a buyer means to use under a licence in a period at the most. Changed in place; the audit log keeps what it was.
create table contracts.usage_quota (
  licence_id uuid not null references contracts.licence (id),
  meter text not null check (meter ~ '^[a-z][a-z0-9_]{1,39}$'),
  vendor_id uuid not null,
  buyer_id uuid not null,
  -- Null: lifted.
  quantity bigint check (quantity > 0),
  period text not null check (period in ('MONTH', 'LICENCE_PERIOD')),
  hard boolean not null,
  set_at timestamptz not null,
  primary key (licence_id, meter)
);
create trigger usage_quota_is_kept before delete or truncate on contracts.usage_quota for each statement execute function shared.refuse_change();

-- What was told of a quota, each once in a period. `side`: whose quota it is; that of a plan stands as long as its agreement.
create table contracts.quota_notice (
  licence_id uuid not null references contracts.licence (id),
  side text not null check (side in ('VENDOR', 'BUYER')),
  meter text not null,
  set_at timestamptz not null,
  period_from timestamptz not null,
  percent int not null check (percent in (50, 80, 100)),
  vendor_id uuid not null,
  buyer_id uuid not null,
  used bigint not null check (used > 0),
  told_at timestamptz not null,
  primary key (licence_id, side, meter, set_at, period_from, percent)
);
create trigger quota_notice_is_history before update or delete on contracts.quota_notice for each row execute function shared.refuse_change();
create trigger quota_notice_is_kept before truncate on contracts.quota_notice for each statement execute function shared.refuse_change();
select shared.guard('contracts.usage_quota', '{vendor_id,buyer_id}'), shared.guard('contracts.quota_notice', '{vendor_id,buyer_id}');
