-- What a licence that is limited to columns or rows receives: a file of its own, written once for each asset and limit. The row is the job first and
-- then what came of it.
create table delivery.part_file (
  asset_id uuid not null,
  limit_digest text not null check (limit_digest ~ '^[0-9a-f]{64}$'),
  -- As it stands in the terms.
  terms jsonb not null check (jsonb_typeof(terms) = 'object'),
  vendor_id uuid not null,
  revision_id uuid not null,
  -- Licensees who are told where it cannot be written.
  asked_by uuid[] not null,
  requested_at timestamptz not null,
  -- Whoever writes it holds it until then; after a crash another takes it up.
  held_until timestamptz not null,
  attempts int not null default 0 check (attempts >= 0),
  finished_at timestamptz,
  -- Why there is none.
  finding text check (length(finding) between 1 and 2000),
  object_key uuid unique,
  region text check (region ~ '^[a-z][a-z0-9-]{1,39}$'),
  media_type text check (length(media_type) <= 100),
  byte_length bigint check (byte_length > 0),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  primary key (asset_id, limit_digest),
  check ((finished_at is null) = (finding is null and object_key is null)),
  check (finding is null or object_key is null),
  check (num_nonnulls(object_key, region, media_type, byte_length, sha256) in (0, 5))
);
create index part_file_due on delivery.part_file (held_until) where finished_at is null;
create index part_file_of_revision on delivery.part_file (revision_id);
select shared.guard('delivery.part_file', '{vendor_id}');

-- Of which part a delivery is; null: of the whole asset.
alter table delivery.delivery add column part_digest text check (part_digest ~ '^[0-9a-f]{64}$');
alter table delivery.receipt add column part_digest text check (part_digest ~ '^[0-9a-f]{64}$');
