create schema delivery;

-- A file that is about to take its place in the object storage. A row that is left over after a crash names what has to be removed.
create table delivery.pending_object (
  object_key uuid primary key,
  asset_id uuid not null,
  created_at timestamptz not null
);
create index pending_object_by_age on delivery.pending_object (created_at);

-- Where the bytes of an asset lie. Written once.
create table delivery.stored_object (
  asset_id uuid primary key,
  vendor_id uuid not null,
  object_key uuid not null unique,
  byte_length bigint not null check (byte_length > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  stored_at timestamptz not null
);
create trigger stored_object_is_history before update or delete on delivery.stored_object for each row execute function shared.refuse_change();
create trigger stored_object_is_kept before truncate on delivery.stored_object for each statement execute function shared.refuse_change();

-- A submission whose files have to be read through, and what was found.
create table delivery.platform_test (
  product_id uuid not null,
  submission int not null check (submission > 0),
  requested_at timestamptz not null,
  -- Whoever reads it holds it until then; after a crash another takes it up.
  held_until timestamptz not null,
  attempts int not null default 0 check (attempts >= 0),
  passed boolean,
  findings text[],
  finished_at timestamptz,
  primary key (product_id, submission),
  check ((finished_at is null) = (passed is null) and (finished_at is null) = (findings is null)),
  check (passed is null or passed = (cardinality(findings) = 0))
);
create index platform_test_due on delivery.platform_test (held_until) where finished_at is null;

-- One permission to fetch one asset: the token, its budget of bytes and where it stands.
create table delivery.delivery (
  id uuid primary key,
  licence_id uuid not null,
  agreement_id uuid not null,
  agreement_hash text not null check (agreement_hash ~ '^[0-9a-f]{64}$'),
  decision_id uuid not null,
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  asset_id uuid not null,
  object_key uuid not null,
  file_name text not null check (length(file_name) between 1 and 200),
  media_type text not null check (length(media_type) <= 100),
  byte_length bigint not null check (byte_length > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  state text not null check (state in ('OPEN', 'COMPLETED', 'SPENT', 'EXPIRED')),
  -- Bytes that may still be sent; two copies at the start.
  budget_left bigint not null check (budget_left between 0 and 2 * byte_length),
  -- Bytes that count as handed out and have not gone out yet.
  owed int8multirange not null default '{}' check (owed <@ int8multirange(int8range(0, byte_length))),
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  check ((state in ('COMPLETED', 'SPENT')) = (completed_at is not null)),
  check (completed_at is null or started_at is not null)
);
create index delivery_open on delivery.delivery (licence_id, asset_id, requested_at) where completed_at is null;
create index delivery_lapsing on delivery.delivery (expires_at) where state in ('OPEN', 'COMPLETED');

-- Which bytes of an asset went out under a licence since its last completed delivery, whatever token they went out on: two
-- tokens that fetch half a file each make one delivery.
create table delivery.coverage (
  licence_id uuid not null,
  asset_id uuid not null,
  byte_length bigint not null check (byte_length > 0),
  handed_out int8multirange not null default '{}',
  primary key (licence_id, asset_id),
  -- Whoever hands out the last byte completes the delivery and starts anew in the same transaction.
  check (handed_out <@ int8multirange(int8range(0, byte_length)) and handed_out <> int8multirange(int8range(0, byte_length)))
);

-- A response under way: the bytes from `first` up to `hold` may be with the client already. A row that a crash left counts
-- as if they were.
create table delivery.response (
  licence_id uuid not null,
  asset_id uuid not null,
  id uuid not null,
  delivery_id uuid not null references delivery.delivery (id),
  first bigint not null check (first >= 0),
  hold bigint not null check (hold >= first),
  started_at timestamptz not null,
  primary key (licence_id, asset_id, id)
);
create index response_by_delivery on delivery.response (delivery_id);

-- The signed statement of a completed delivery. Distribution key: licence_id. Partitioned by month.
create table delivery.receipt (
  licence_id uuid not null,
  completed_at timestamptz not null,
  id uuid not null,
  delivery_id uuid not null,
  agreement_id uuid not null,
  agreement_hash text not null check (agreement_hash ~ '^[0-9a-f]{64}$'),
  decision_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  asset_id uuid not null,
  bytes bigint not null check (bytes > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  started_at timestamptz not null,
  jws text not null,
  primary key (licence_id, completed_at, id)
) partition by range (completed_at);
create table delivery.receipt_default partition of delivery.receipt default;
create index receipt_by_id on delivery.receipt (id);
create trigger receipt_is_history before update or delete on delivery.receipt for each row execute function shared.refuse_change();
create trigger receipt_is_kept before truncate on delivery.receipt for each statement execute function shared.refuse_change();
