-- A bucket of a licensee into which new revisions go by themselves.
create table delivery.push_destination (
  id uuid primary key,
  licence_id uuid not null,
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  -- Null: Amazon's own for the region.
  endpoint text check (length(endpoint) between 8 and 300),
  aws_region text not null check (aws_region ~ '^[a-z0-9-]{1,40}$'),
  bucket text not null check (bucket ~ '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$'),
  prefix text not null check (prefix ~ '^([A-Za-z0-9_.-]+/)*$' and length(prefix) <= 300),
  path_style boolean not null,
  access_key_id text not null check (length(access_key_id) between 1 and 200),
  -- Sealed, as every secret that has to be shown to somebody again.
  secret text,
  -- Who acts for the licensee here, as the audit log names him: it goes on as long as he may download.
  registered_by text not null check (registered_by ~ '^(member|key):'),
  state text not null check (state in ('PENDING', 'ACTIVE', 'PAUSED', 'FAILED', 'REMOVED')),
  problem text check (length(problem) between 1 and 500),
  created_at timestamptz not null,
  checked_at timestamptz,
  -- Whoever checks it holds it until then.
  held_until timestamptz not null,
  check ((state = 'REMOVED') = (secret is null)),
  check ((state = 'FAILED') = (problem is not null))
);
create index push_destination_of_licence on delivery.push_destination (licence_id, id);
create index push_destination_of_product on delivery.push_destination (product_id) where state <> 'REMOVED';
create index push_destination_pending on delivery.push_destination (held_until) where state = 'PENDING';
select shared.guard('delivery.push_destination', '{buyer_id}');

-- One file on its way into one bucket, with the place that it has come to.
create table delivery.push_job (
  id uuid primary key,
  destination_id uuid not null references delivery.push_destination,
  licence_id uuid not null,
  product_id uuid not null,
  vendor_id uuid not null,
  buyer_id uuid not null,
  revision_id uuid not null,
  asset_id uuid not null,
  state text not null check (state in ('WAITING', 'DONE', 'GIVEN_UP', 'CANCELLED')),
  attempts int not null default 0 check (attempts >= 0),
  -- While somebody works on it, until when he holds it.
  next_attempt_at timestamptz,
  claim uuid,
  problem text check (length(problem) between 1 and 500),
  -- The delivery that it is charged as.
  delivery_id uuid,
  object_key text check (length(object_key) <= 1024),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  byte_length bigint check (byte_length > 0),
  upload_id text check (length(upload_id) between 1 and 2000),
  -- Of the parts that are in the bucket, from the first on.
  etags text[] not null default '{}',
  created_at timestamptz not null,
  first_tried_at timestamptz,
  finished_at timestamptz,
  check ((state = 'WAITING') = (next_attempt_at is not null)),
  check ((state = 'WAITING') = (finished_at is null))
);
create unique index push_job_once on delivery.push_job (destination_id, asset_id) where state = 'WAITING';
create index push_job_due on delivery.push_job (next_attempt_at) where state = 'WAITING';
create index push_job_of_licence on delivery.push_job (licence_id, id);
select shared.guard('delivery.push_job', '{vendor_id,buyer_id}');
