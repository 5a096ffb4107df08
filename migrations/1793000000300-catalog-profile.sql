-- What the exchange computed of the files of a revision, once for each version of what computes it. The vendor cannot write it.
create table catalog.dataset_profile (
  revision_id uuid not null references catalog.revision (id),
  profiler_version text not null check (length(profiler_version) between 1 and 40),
  dataset_id uuid not null references catalog.dataset (id),
  product_id uuid not null references catalog.product (id),
  vendor_id uuid not null,
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  -- A few rows, cells of sensitive columns masked before they come here.
  samples jsonb not null check (jsonb_typeof(samples) = 'array'),
  -- What it is to readers of the revision before; unknown of the first, and of what could not be read.
  change_class text check (change_class in ('NONE', 'COMPATIBLE', 'BREAKING')),
  changes jsonb not null check (jsonb_typeof(changes) = 'array'),
  created_at timestamptz not null,
  primary key (revision_id, profiler_version)
);
create index dataset_profile_by_dataset on catalog.dataset_profile (dataset_id, revision_id);
create trigger dataset_profile_is_history before update or delete on catalog.dataset_profile for each row execute function shared.refuse_change();
create trigger dataset_profile_is_kept before truncate on catalog.dataset_profile for each statement execute function shared.refuse_change();
-- Seen with its revision; written by the exchange alone.
select shared.guard('catalog.dataset_profile', '{}', 'exists (select 1 from catalog.revision r where r.id = revision_id)');

-- What reading the files found is kept for the platform test, by file.
alter table delivery.profile_job add column findings jsonb not null default '{}' check (jsonb_typeof(findings) = 'object');
create index profile_job_open_of_dataset on delivery.profile_job (dataset_id, revision_id) where finished_at is null;
-- What was read before is read anew: for its profile, and since Parquet, Arrow and other encodings are read now.
update delivery.profile_job j set finished_at = null, attempts = 0, held_until = requested_at
from catalog.product p where p.id = j.product_id and p.state <> 'WITHDRAWN' and j.finished_at is not null;
