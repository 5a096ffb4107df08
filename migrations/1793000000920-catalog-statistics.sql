-- What was traded on the exchange: one row for each agreement whose licence began, and what is published of them month by month.
create table catalog.exchange_trade (
  agreement_id uuid primary key,
  -- The month in which it is counted: that in which the licence began, or the first one not yet published.
  month date not null check (extract(day from month) = 1),
  vendor_id uuid not null,
  buyer_id uuid not null,
  vendor_country text not null,
  buyer_country text not null,
  -- The first theme of the product; '' where it has none.
  sector text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  value_minor bigint not null check (value_minor >= 0)
);
create index exchange_trade_of_month on catalog.exchange_trade (month);
create trigger exchange_trade_is_history before update or delete on catalog.exchange_trade for each row execute function shared.refuse_change();
create trigger exchange_trade_is_kept before truncate on catalog.exchange_trade for each statement execute function shared.refuse_change();

create table catalog.statistics_month (month date primary key check (extract(day from month) = 1), published_at timestamptz not null);
create trigger statistics_month_is_history before update or delete on catalog.statistics_month for each row execute function shared.refuse_change();
create trigger statistics_month_is_kept before truncate on catalog.statistics_month for each statement execute function shared.refuse_change();
-- The published figures: whoever reads them learns nothing of a single trade. They are never changed.
create table catalog.exchange_statistic (
  month date not null references catalog.statistics_month (month),
  currency text not null,
  breakdown text not null check (breakdown in ('TOTAL', 'SECTOR', 'COUNTRY_PAIR')),
  -- What it is of: '' the total, a theme, `CN>SG`, or OTHER: those together that are not shown one by one.
  cell text not null check (length(cell) <= 40),
  sector text,
  vendor_country text,
  buyer_country text,
  trades bigint not null check (trades > 0),
  value_minor bigint not null check (value_minor >= 0),
  primary key (breakdown, month, currency, cell)
);
create trigger exchange_statistic_is_history before update or delete on catalog.exchange_statistic for each row execute function shared.refuse_change();
create trigger exchange_statistic_is_kept before truncate on catalog.exchange_statistic for each statement execute function shared.refuse_change();
select shared.guard('catalog.exchange_trade', '{}'), shared.guard('catalog.statistics_month', '{}', 'true'), shared.guard('catalog.exchange_statistic', '{}', 'true');
