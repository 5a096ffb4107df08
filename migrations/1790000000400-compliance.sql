create schema compliance;

-- Every rulebook that was ever loaded, under the hash that decisions carry: an old decision can be worked out again.
create table compliance.rulebook (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  id text not null check (length(id) between 1 and 60),
  version text not null check (length(version) between 1 and 60),
  origin text not null check (origin ~ '^[A-Z]{2}$'),
  content jsonb not null,
  loaded_at timestamptz not null
);
create trigger rulebook_is_history before update or delete on compliance.rulebook for each row execute function shared.refuse_change();
create trigger rulebook_is_kept before truncate on compliance.rulebook for each statement execute function shared.refuse_change();

create table compliance.decision (
  id uuid primary key,
  exporter_id uuid not null,
  object_id text not null check (length(object_id) between 1 and 100),
  stage text not null check (stage in ('ORDER', 'DELIVERY')),
  prior_decision_id uuid references compliance.decision (id),
  outcome text not null check (outcome in ('free', 'exempt', 'standard_contract', 'certification', 'security_assessment', 'prohibited', 'manual_review')),
  permitted boolean not null,
  mechanisms text[] not null,
  filings jsonb not null check (jsonb_typeof(filings) = 'array'),
  obligations text[] not null,
  reasons jsonb not null check (jsonb_typeof(reasons) = 'array' and jsonb_array_length(reasons) > 0),
  considered text[] not null check (cardinality(considered) > 0),
  facts jsonb not null,
  facts_hash text not null check (facts_hash ~ '^[0-9a-f]{64}$'),
  rulebook_hash text not null check (rulebook_hash ~ '^[0-9a-f]{64}$'),
  as_of timestamptz not null,
  decided_at timestamptz not null,
  -- Fail closed: only what needs no approval is permitted.
  check (permitted = (outcome in ('free', 'exempt'))),
  check ((stage = 'DELIVERY') = (prior_decision_id is not null))
);
create index decision_by_object on compliance.decision (object_id, id);
create index decision_by_prior on compliance.decision (prior_decision_id) where prior_decision_id is not null;
create trigger decision_is_history before update or delete on compliance.decision for each row execute function shared.refuse_change();
create trigger decision_is_kept before truncate on compliance.decision for each statement execute function shared.refuse_change();

-- What an exporter has reserved in a calendar year: the row that concurrent orders queue for. The sum of its reservations.
create table compliance.volume_year (
  exporter_id uuid not null,
  year int not null check (year between 2021 and 9999),
  persons bigint not null default 0 check (persons >= 0),
  sensitive_persons bigint not null default 0 check (sensitive_persons >= 0),
  primary key (exporter_id, year)
);

create table compliance.volume_reservation (
  exporter_id uuid not null,
  year int not null,
  decision_id uuid not null references compliance.decision (id),
  -- The decision of the order that the volume belongs to; its own id for an order.
  order_decision_id uuid not null references compliance.decision (id),
  persons bigint not null check (persons >= 0),
  sensitive_persons bigint not null check (sensitive_persons >= 0),
  reserved_at timestamptz not null,
  primary key (exporter_id, year, decision_id),
  foreign key (exporter_id, year) references compliance.volume_year (exporter_id, year),
  check (persons + sensitive_persons > 0)
);
create index volume_reservation_by_order on compliance.volume_reservation (order_decision_id, year);
create trigger volume_reservation_is_history before update or delete on compliance.volume_reservation for each row execute function shared.refuse_change();
create trigger volume_reservation_is_kept before truncate on compliance.volume_reservation for each statement execute function shared.refuse_change();
