-- What opens a vendor's API to the exchange. Sealed; given anew in its place.
create table delivery.api_credential (
  product_id uuid primary key,
  vendor_id uuid not null,
  placement text not null check (placement in ('HEADER', 'BEARER', 'BASIC', 'QUERY')),
  -- Of the header field or the query parameter; null where the placement says it.
  name text check (length(name) between 1 and 100),
  sealed text not null,
  set_at timestamptz not null,
  check ((placement in ('HEADER', 'QUERY')) = (name is not null))
);
select shared.guard('delivery.api_credential', '{vendor_id}');

-- What the calls of a licence stand on: the decision of the law, and what it was last asked about.
create table delivery.api_access (
  licence_id uuid primary key,
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  decision_id uuid not null,
  decided_basis text not null,
  refusal_decision_id uuid,
  opened_at timestamptz not null,
  -- The first byte of all left.
  started_at timestamptz
);
select shared.guard('delivery.api_access', '{vendor_id,buyer_id}');

-- A call under way: what it may still come to counts against quotas and caps until it ends, or its time is over because its process died.
create table delivery.open_call (
  id uuid primary key,
  licence_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  calls bigint not null check (calls >= 0),
  bytes bigint not null check (bytes >= 0),
  expires_at timestamptz not null
);
create index open_call_of_licence on delivery.open_call (licence_id, expires_at) include (calls, bytes);
create index open_call_by_end on delivery.open_call (expires_at);
select shared.guard('delivery.open_call', '{vendor_id,buyer_id}');

-- The signed statement over calls that were charged together. Distribution key: licence_id. Partitioned by month.
create table delivery.call_receipt (
  licence_id uuid not null,
  completed_at timestamptz not null,
  id uuid not null,
  agreement_id uuid not null,
  decision_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  calls bigint not null check (calls >= 0),
  bytes bigint not null check (bytes >= 0),
  -- Of the ids of the calls in it, in their order.
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  jws text not null,
  primary key (licence_id, completed_at, id),
  check (calls > 0 or bytes > 0)
) partition by range (completed_at);
create table delivery.call_receipt_default partition of delivery.call_receipt default;
create index call_receipt_by_id on delivery.call_receipt (id);
create trigger call_receipt_is_history before update or delete on delivery.call_receipt for each row execute function shared.refuse_change();
create trigger call_receipt_is_kept before truncate on delivery.call_receipt for each statement execute function shared.refuse_change();
select shared.guard('delivery.call_receipt', '{vendor_id,buyer_id}');

-- Each call that ended, for both sides: which operation, never what was asked. Partitioned by month.
create table delivery.api_call (
  licence_id uuid not null,
  ended_at timestamptz not null,
  id uuid not null,
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  operation text not null check (length(operation) <= 600),
  outcome text not null check (outcome in ('CHARGED', 'ANSWERED', 'VENDOR_FAILED', 'TIMED_OUT', 'BROKEN_OFF', 'CLIENT_LEFT', 'REFUSED')),
  -- Of the vendor's answer; null: there was none.
  status int check (status between 100 and 599),
  calls bigint not null check (calls >= 0),
  bytes bigint not null check (bytes >= 0),
  started_at timestamptz not null,
  duration_ms int not null check (duration_ms >= 0),
  primary key (licence_id, ended_at, id)
) partition by range (ended_at);
create table delivery.api_call_default partition of delivery.api_call default;
create index api_call_of_product on delivery.api_call (product_id, ended_at);
create trigger api_call_is_history before update or delete on delivery.api_call for each row execute function shared.refuse_change();
create trigger api_call_is_kept before truncate on delivery.api_call for each statement execute function shared.refuse_change();
select shared.guard('delivery.api_call', '{vendor_id,buyer_id}');
