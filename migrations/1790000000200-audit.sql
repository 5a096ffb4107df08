create schema audit;

-- Who did what to which object, in the transaction that did it. Distribution key: object_id. Partitioned by month.
create table audit.entry (
  object_id text not null check (length(object_id) <= 100),
  recorded_at timestamptz not null,
  id uuid not null,
  tenant_id uuid,
  subject text not null check (length(subject) <= 300),
  act text not null check (length(act) <= 100),
  object_type text not null check (length(object_type) <= 60),
  trade_id uuid,
  request_id text not null check (length(request_id) <= 100),
  reason text check (length(reason) <= 5000),
  details jsonb not null,
  primary key (object_id, recorded_at, id)
) partition by range (recorded_at);
create table audit.entry_default partition of audit.entry default;
create index entry_by_trade on audit.entry (trade_id, recorded_at) where trade_id is not null;
create trigger entry_is_history before update or delete on audit.entry for each row execute function shared.refuse_change();
create trigger entry_is_kept before truncate on audit.entry for each statement execute function shared.refuse_change();

-- Entries that no seal covers yet.
create table audit.unsealed (
  id uuid primary key,
  object_id text not null,
  recorded_at timestamptz not null
);

-- The chain: each seal covers a batch of entries and the seal before it.
create table audit.seal (
  number bigint primary key check (number > 0),
  previous_hash text not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  entries_root text not null check (entries_root ~ '^[0-9a-f]{64}$'),
  entry_count int not null check (entry_count > 0),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  signature text not null,
  sealed_at timestamptz not null
);
create trigger seal_is_history before update or delete on audit.seal for each row execute function shared.refuse_change();
create trigger seal_is_kept before truncate on audit.seal for each statement execute function shared.refuse_change();

create table audit.sealed_entry (
  seal_number bigint not null references audit.seal (number),
  position int not null check (position >= 0),
  entry_id uuid not null unique,
  object_id text not null,
  recorded_at timestamptz not null,
  entry_hash text not null check (entry_hash ~ '^[0-9a-f]{64}$'),
  primary key (seal_number, position)
);
create trigger sealed_entry_is_history before update or delete on audit.sealed_entry for each row execute function shared.refuse_change();
create trigger sealed_entry_is_kept before truncate on audit.sealed_entry for each statement execute function shared.refuse_change();
