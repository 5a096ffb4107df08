create schema billing;

-- What a seller says of its own tax position, with its evidence. The newest line of a scheme counts.
create table billing.tax_declaration (
  id uuid primary key,
  organisation_id uuid not null,
  scheme text not null check (scheme in ('CN_EXPORT', 'SG_GST')),
  status text not null,
  evidence text not null check (length(evidence) between 3 and 5000),
  declared_at timestamptz not null,
  check ((scheme = 'CN_EXPORT' and status in ('ZERO_RATED', 'EXEMPT', 'STANDARD')) or (scheme = 'SG_GST' and status in ('REGISTERED', 'NOT_REGISTERED')))
);
create index tax_declaration_newest on billing.tax_declaration (organisation_id, scheme, declared_at desc, id desc);
create trigger tax_declaration_is_history before update or delete on billing.tax_declaration for each row execute function shared.refuse_change();
create trigger tax_declaration_is_kept before truncate on billing.tax_declaration for each statement execute function shared.refuse_change();

create table billing.payment (
  id uuid primary key,
  trade_id uuid not null,
  buyer_id uuid not null,
  provider text not null check (length(provider) between 1 and 40),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor > 0),
  state text not null check (state in ('INTENT', 'PROCESSING', 'SUCCEEDED', 'FAILED')),
  provider_reference text check (length(provider_reference) <= 200),
  failure text check (length(failure) <= 1000),
  -- What keeps it from going on by itself and waits for a person.
  problem text check (length(problem) <= 1000),
  attempts int not null default 0 check (attempts >= 0),
  next_check_at timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((state in ('SUCCEEDED', 'FAILED')) = (ended_at is not null)),
  check (state <> 'SUCCEEDED' or provider_reference is not null)
);
-- One trade, one payment that may still bring money, or has brought it.
create unique index payment_one_open_per_trade on billing.payment (trade_id) where state <> 'FAILED';
create unique index payment_by_reference on billing.payment (provider, provider_reference) where provider_reference is not null;
create index payment_by_trade on billing.payment (trade_id, id);
create index payment_by_buyer on billing.payment (buyer_id, id desc);
create index payment_due on billing.payment (next_check_at) where state in ('INTENT', 'PROCESSING');

-- What providers told us, kept before it is worked on.
create table billing.inbox (
  id uuid primary key,
  provider text not null check (length(provider) between 1 and 40),
  event_id text not null check (length(event_id) between 1 and 200),
  type text not null check (length(type) between 1 and 200),
  payload jsonb not null,
  state text not null check (state in ('RECEIVED', 'PROCESSED', 'IGNORED', 'DEAD')),
  attempts int not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz not null,
  last_error text check (length(last_error) <= 1000),
  received_at timestamptz not null,
  unique (provider, event_id)
);
create index inbox_due on billing.inbox (next_attempt_at) where state = 'RECEIVED';

-- The last number that an issuer gave in a series. Its row is held until the invoice is committed, so no number is lost.
create table billing.invoice_series (
  issuer_id uuid not null,
  series text not null check (length(series) between 1 and 40),
  last_number bigint not null check (last_number > 0),
  primary key (issuer_id, series)
);

create table billing.invoice (
  id uuid primary key,
  issuer_id uuid not null,
  series text not null check (length(series) between 1 and 40),
  number bigint not null check (number > 0),
  kind text not null check (kind in ('PURCHASE', 'USAGE', 'COMMISSION')),
  trade_id uuid not null,
  agreement_id uuid not null,
  customer_id uuid not null check (customer_id <> issuer_id),
  issuer jsonb not null,
  customer jsonb not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  net_minor bigint not null check (net_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  total_minor bigint not null check (total_minor = net_minor + tax_minor and total_minor > 0),
  tax_treatment jsonb not null,
  line_count int not null check (line_count between 1 and 1000),
  issued_at timestamptz not null,
  unique (issuer_id, series, number),
  unique (trade_id, kind)
);
create index invoice_by_issuer on billing.invoice (issuer_id, id desc);
create index invoice_by_customer on billing.invoice (customer_id, id desc);

create table billing.invoice_line (
  invoice_id uuid not null references billing.invoice (id),
  line int not null check (line >= 0),
  description text not null check (length(description) between 1 and 500),
  quantity bigint not null check (quantity > 0),
  -- Major units, a decimal string: prices below the minor unit exist.
  unit_price text not null check (unit_price ~ '^(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$'),
  net_minor bigint not null check (net_minor >= 0),
  primary key (invoice_id, line)
);
create trigger invoice_is_history before update or delete on billing.invoice for each row execute function shared.refuse_change();
create trigger invoice_is_kept before truncate on billing.invoice for each statement execute function shared.refuse_change();
create trigger invoice_line_is_history before update or delete on billing.invoice_line for each row execute function shared.refuse_change();
create trigger invoice_line_is_kept before truncate on billing.invoice_line for each statement execute function shared.refuse_change();

-- I4, at commit: an invoice's net amount is that of its lines, it has the lines that it says, and its number is the next one.
create function billing.check_invoice() returns trigger language plpgsql as $$
declare
  inv billing.invoice; line_sum bigint; lines int; counted bigint; given bigint;
begin
  if tg_table_name = 'invoice' then
    inv := new;
  else
    select * into inv from billing.invoice i where i.id = new.invoice_id;
  end if;
  select coalesce(sum(net_minor), 0), count(*) into line_sum, lines from billing.invoice_line where invoice_id = inv.id;
  if line_sum <> inv.net_minor or lines <> inv.line_count then
    raise exception 'the lines of invoice % do not make up its net amount', inv.id using errcode = 'check_violation', constraint = 'invoice_is_its_lines';
  end if;
  if tg_table_name = 'invoice' then
    select last_number into counted from billing.invoice_series s where s.issuer_id = inv.issuer_id and s.series = inv.series;
    select number into given from billing.invoice i where i.issuer_id = inv.issuer_id and i.series = inv.series and i.number = inv.number - 1;
    if counted is null or counted < inv.number or (inv.number > 1 and given is null) then
      raise exception 'invoice number % of series % is not the next one', inv.number, inv.series using errcode = 'check_violation', constraint = 'invoice_numbers_have_no_gap';
    end if;
  end if;
  return null;
end $$;
create constraint trigger invoice_is_whole after insert on billing.invoice deferrable initially deferred for each row execute function billing.check_invoice();
create constraint trigger invoice_line_is_whole after insert on billing.invoice_line deferrable initially deferred for each row execute function billing.check_invoice();

-- Usage that was rated together, and the trade that it became.
create table billing.usage_period (
  id uuid primary key,
  licence_id uuid not null,
  agreement_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  meter text not null check (meter in ('downloads')),
  unit_price text not null,
  quantity bigint not null check (quantity > 0),
  event_count int not null check (event_count > 0),
  trade_id uuid not null unique,
  invoice_id uuid not null unique references billing.invoice (id),
  closed_at timestamptz not null
);
create index usage_period_by_licence on billing.usage_period (licence_id, id);
create trigger usage_period_is_history before update or delete on billing.usage_period for each row execute function shared.refuse_change();
create trigger usage_period_is_kept before truncate on billing.usage_period for each statement execute function shared.refuse_change();

-- I3: a usage event is billed once, whatever is retried. Distribution key: licence_id.
create table billing.billed_usage (
  licence_id uuid not null,
  source text not null,
  event_id text not null,
  period_id uuid not null references billing.usage_period (id) deferrable initially deferred,
  quantity bigint not null check (quantity > 0),
  receipt_id uuid,
  primary key (licence_id, source, event_id)
);
create index billed_usage_by_period on billing.billed_usage (period_id);
create trigger billed_usage_is_history before update or delete on billing.billed_usage for each row execute function shared.refuse_change();
create trigger billed_usage_is_kept before truncate on billing.billed_usage for each statement execute function shared.refuse_change();

-- The signed statement of a settled trade.
create table billing.certificate (
  trade_id uuid primary key,
  vendor_id uuid not null,
  buyer_id uuid not null,
  jws text not null check (length(jws) <= 500000),
  issued_at timestamptz not null
);
create trigger certificate_is_history before update or delete on billing.certificate for each row execute function shared.refuse_change();
create trigger certificate_is_kept before truncate on billing.certificate for each statement execute function shared.refuse_change();
