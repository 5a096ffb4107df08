create schema catalog;

create table catalog.product (
  id uuid primary key,
  vendor_id uuid not null,
  -- What buyers see of the vendor, kept up to date by the events of the identity room.
  vendor_name text not null,
  vendor_jurisdiction text not null check (vendor_jurisdiction ~ '^[A-Z]{2}$'),
  vendor_state text not null check (vendor_state in ('PENDING_VERIFICATION', 'VERIFIED', 'SUSPENDED')),
  title text not null check (length(title) between 1 and 200),
  description text not null check (length(description) between 1 and 5000),
  themes text[] not null check (cardinality(themes) <= 10),
  exporter_is_ciio boolean not null,
  exporter_has_prc_entity boolean not null,
  state text not null check (state in ('DRAFT', 'SUBMITTED', 'TESTED', 'OPINED', 'REVIEWED', 'ON_NOTICE', 'CERTIFIED', 'LISTED', 'SUSPENDED', 'WITHDRAWN')),
  submission int not null default 0 check (submission >= 0),
  gate_version text,
  demanded_steps text[] not null default '{}',
  completed_steps text[] not null default '{}',
  opinion_valid_until timestamptz,
  notice_ends_at timestamptz,
  certificate_number bigint unique,
  certificate_valid_until timestamptz,
  listed_at timestamptz,
  search tsvector not null default '',
  created_at timestamptz not null,
  -- I10: nothing is listed without each step that its rulebook demands.
  constraint product_gate check (state not in ('CERTIFIED', 'LISTED', 'SUSPENDED') or (
    gate_version is not null and cardinality(demanded_steps) > 0 and demanded_steps <@ completed_steps
    and opinion_valid_until is not null and certificate_number is not null and certificate_valid_until is not null))
);
create index product_listed on catalog.product (listed_at desc, id desc) where state = 'LISTED' and vendor_state = 'VERIFIED';
create index product_search on catalog.product using gin (search) where state = 'LISTED' and vendor_state = 'VERIFIED';
create index product_by_vendor on catalog.product (vendor_id, id);
create index product_by_state on catalog.product (state, id);

create sequence catalog.certificate_number;

create table catalog.dataset (
  id uuid primary key,
  product_id uuid not null references catalog.product (id),
  vendor_id uuid not null,
  title text not null check (length(title) between 1 and 200),
  description text not null check (length(description) between 1 and 5000),
  classification jsonb,
  created_at timestamptz not null
);
create index dataset_by_product on catalog.dataset (product_id, id);

create table catalog.revision (
  id uuid primary key,
  dataset_id uuid not null references catalog.dataset (id),
  vendor_id uuid not null,
  number int not null check (number > 0),
  state text not null check (state in ('DRAFT', 'FINALISED')),
  digest text check (digest ~ '^[0-9a-f]{64}$'),
  finalised_at timestamptz,
  created_at timestamptz not null,
  unique (dataset_id, number),
  check ((state = 'FINALISED') = (digest is not null and finalised_at is not null))
);

create table catalog.asset (
  id uuid primary key,
  revision_id uuid not null references catalog.revision (id),
  vendor_id uuid not null,
  file_name text not null check (length(file_name) between 1 and 200),
  media_type text not null check (length(media_type) <= 100),
  byte_length bigint not null check (byte_length > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  state text not null check (state in ('AWAITING_UPLOAD', 'STORED')),
  created_at timestamptz not null,
  unique (revision_id, file_name)
);

-- A finalised revision and what it holds are never changed.
create function catalog.refuse_finalised() returns trigger language plpgsql as $$
declare held text;
begin
  if tg_table_name = 'revision' then
    held := old.state;
  else
    select state into held from catalog.revision where id = coalesce(new.revision_id, old.revision_id);
  end if;
  if held = 'FINALISED' then
    raise exception 'a finalised revision is never changed' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger revision_is_final before update or delete on catalog.revision for each row execute function catalog.refuse_finalised();
create trigger asset_is_final before insert or update or delete on catalog.asset for each row execute function catalog.refuse_finalised();

-- What was found at each step of the gate, one row per step and submission.
create table catalog.gate_record (
  id uuid primary key,
  product_id uuid not null references catalog.product (id),
  submission int not null check (submission > 0),
  step text not null check (step in ('PLATFORM_TEST', 'OPINION', 'REVIEW', 'NOTICE', 'CERTIFICATE')),
  passed boolean not null,
  recorded_by text not null,
  details jsonb not null,
  valid_until timestamptz,
  recorded_at timestamptz not null,
  unique (product_id, submission, step)
);
create trigger gate_record_is_history before update or delete on catalog.gate_record for each row execute function shared.refuse_change();
create trigger gate_record_is_kept before truncate on catalog.gate_record for each statement execute function shared.refuse_change();
